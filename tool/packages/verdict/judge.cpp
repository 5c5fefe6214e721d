#include "packages/verdict/judge.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace ftaudit::packages {
namespace {

constexpr std::string_view classifier_start = "Programming Language :: Python :: Free Threading :: ";

// The module that importing a file of this path initialises: "pkg/_speedups.cpython-313t-x86_64-linux-gnu.so" ->
// "_speedups".
std::string stem_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return std::string(name.substr(0, name.find('.')));
}

bool has_export_hooks(std::string_view target) {
  const std::size_t dot = target.find('.');
  unsigned minor = 0;
  if (dot != std::string_view::npos) std::from_chars(target.data() + dot + 1, target.data() + target.size(), minor);
  return minor >= 15;
}

class Judge {
 public:
  explicit Judge(const Evidence& evidence) : e_(evidence) {}

  PackageReport judge() {
    out_.name = e_.name, out_.version = e_.version, out_.file = e_.file, out_.wheel_tag = e_.wheel_tag;
    out_.classifier = free_threading_classifier(e_.classifiers);
    out_.first_version = e_.first_version, out_.upgrade_to = e_.upgrade_to, out_.pin_to = e_.pin_to,
    out_.yanked = e_.yanked, out_.homepage = e_.homepage;
    out_.not_checked = e_.not_checked;
    out_.scan = e_.scan, out_.probe = e_.probe, out_.confirm = e_.confirm;
    out_.known = e_.not_asked.empty() && !e_.no_such_name;
    if (!e_.not_asked.empty()) {
      settle(Standing::unknown, Confidence::possible, "could not be looked up: " + e_.not_asked);
      reason(e_.not_asked, "index");
      return std::move(out_);
    }
    if (!e_.resolution_error.empty()) {
      settle(Standing::cannot_install, Confidence::certain, "cannot be installed: " + e_.resolution_error);
      reason(e_.resolution_error, "resolver");
      return std::move(out_);
    }
    if (!e_.newest.empty())
      reason("version " + e_.newest + " is there; " +
                 (e_.for_its_wheel ? "this older one was chosen because it has a free-threaded wheel"
                                   : "the resolver chose this older one for what else is asked for"),
             "resolver");
    by_offer();
    by_scan();
    by_probe();
    by_confirm();
    if (!out_.classifier.empty()) reason("its author says Free Threading :: " + out_.classifier, "METADATA");
    if (!out_.yanked.empty())
      reason("this release was withdrawn" + (out_.yanked == "yes" ? "" : ": " + out_.yanked), "index");
    return std::move(out_);
  }

 private:
  void settle(Standing standing, Confidence confidence, std::string summary) {
    out_.standing = standing, out_.confidence = confidence, out_.summary = std::move(summary);
  }
  void reason(std::string what, std::string source) { out_.reasons.push_back({std::move(what), std::move(source)}); }
  // Its authors make such wheels, and not for this Python.
  std::string other_free_threaded() const {
    std::vector<std::string> versions;
    for (const std::string& version : e_.other_free_threaded) versions.push_back(version + "t");
    return "has free-threaded wheels for " + join(versions, " and ") + ", and none for " + e_.target;
  }
  std::string from_file() const { return e_.file.empty() ? "index" : e_.file; }

  void by_offer() {
    switch (e_.offer) {
      case Offer::pure_wheel: return pure();
      case Offer::free_threaded:
      case Offer::foreign_wheel: return by_wheel();
      case Offer::gil_only:
        settle(Standing::no_wheel, Confidence::certain,
               !e_.other_free_threaded.empty() ? other_free_threaded()
                                               : "has wheels only for builds with the GIL" +
                                                     (e_.offer_detail.empty() ? "" : " (" + e_.offer_detail + ")"));
        reason(out_.summary, "index");
        return from_source();
      case Offer::source_only:
        settle(Standing::no_wheel, Confidence::certain,
               e_.other_free_threaded.empty() ? "has no wheel that fits, only its sources" : other_free_threaded());
        reason(out_.summary, "index");
        return from_source();
      case Offer::nothing:
        settle(Standing::no_wheel, Confidence::certain,
               e_.other_free_threaded.empty() ? "has no file that fits this platform" : other_free_threaded());
        out_.builds = Builds::no;
        return reason(out_.summary, "index");
    }
  }

  void pure() {
    const bool looked = e_.wheel && e_.wheel->ok();
    if (looked && (!(*e_.wheel)->extensions.empty() || !(*e_.wheel)->not_read.empty())) {
      reason("its tag says pure Python, and there are extension modules in it", from_file());
      return by_wheel();
    }
    settle(Standing::pure, Confidence::certain, "pure Python");
    reason("its wheel is tagged for any platform and holds no extension module", from_file());
    if (!looked) out_.reasons.back().what = "its wheel is tagged for any platform, without an ABI";
    if (looked) foreign();
    if (!e_.offer_detail.empty())
      reason("its compiled parts are left out: wheels with them are for builds with the GIL only (" + e_.offer_detail +
                 ")",
             "index");
  }

  void foreign() {
    out_.foreign = (*e_.wheel)->foreign;
    if (out_.foreign.empty()) return;
    reason("native code in it is no extension module (" + out_.foreign.front() +
               (out_.foreign.size() > 1 ? ", ..." : "") + "): calls into such libraries never held the GIL",
           from_file());
  }

  void by_wheel() {
    if (!e_.wheel)
      return settle(Standing::unknown, Confidence::possible,
                    "has a wheel that fits; what is in it was not looked into");
    if (!e_.wheel->ok()) {
      settle(Standing::unknown, Confidence::possible, "its wheel could not be read");
      return reason(e_.wheel->message(), from_file());
    }
    const Wheel& wheel = **e_.wheel;
    collect(wheel);
    foreign();
    for (const std::string& path : wheel.not_read) out_.not_checked.push_back(path);
    if (out_.modules.empty() && wheel.not_read.empty()) {
      settle(Standing::pure, Confidence::likely, "no extension module in it");
      return reason(out_.foreign.empty() ? "no native code in it"
                                         : "native code in it is used as a library or a program of its own",
                    from_file());
    }
    weigh(wheel);
  }

  void collect(const Wheel& wheel) {
    for (const WheelBinary& one : wheel.extensions) {
      ModuleEvidence module{.file = one.path, .name = stem_of(one.path)};
      if (!one.binary.ok()) {
        module.style = "unknown", module.how = one.binary.message();
        out_.modules.push_back(std::move(module));
        continue;
      }
      const Binary& binary = *one.binary;
      module.origins = binary.origins, module.borrowed_calls = binary.borrowed_calls;
      module.own_locks = binary.own_locks, module.instrumented = binary.instrumented;
      const Declaration* said = declaration_for(binary, module.name);
      if (said == nullptr) {
        // Loaded by another module of the package, never imported by its own name.
        out_.foreign.push_back(one.path);
        continue;
      }
      module.gil = said->gil, module.style = name_of(said->style), module.how = said->how;
      if (said->style == InitStyle::delegated) follow(wheel, *said, module);
      out_.modules.push_back(std::move(module));
    }
  }

  const Declaration* declaration_for(const Binary& binary, const std::string& module) const {
    const Declaration* out = nullptr;
    for (const Declaration& one : binary.modules) {
      if (one.module != module) continue;
      const bool hook = one.style == InitStyle::export_hook;
      if (hook && !has_export_hooks(e_.target)) continue;
      if (out == nullptr || hook) out = &one;
    }
    return out;
  }

  // mypyc compiles a group of modules into one library; the others only hand over to it. cffi's modules are made by its
  // own _cffi_backend, of another package: it declares what it makes as it declares itself.
  void follow(const Wheel& wheel, const Declaration& from, ModuleEvidence& module) {
    for (const WheelBinary& other : wheel.extensions) {
      if (!other.binary.ok() || from.delegate.empty()) continue;
      for (const Declaration& one : other.binary->modules) {
        if (one.module != from.delegate && !from.delegate.ends_with("." + one.module)) continue;
        module.gil = one.gil;
        module.how = from.how + ", of which: " + one.how;
        return;
      }
    }
    const auto maker =
        e_.others != nullptr ? e_.others->find(from.delegate) : std::map<std::string, Declaration>::const_iterator();
    if (e_.others == nullptr || maker == e_.others->end()) return;
    module.gil = maker->second.gil;
    module.how = "it is made by " + from.delegate + ", of which: " + maker->second.how;
  }

  void weigh(const Wheel& wheel) {
    std::vector<const ModuleEvidence*> on, open;
    for (const ModuleEvidence& module : out_.modules) {
      if (module.gil == Gil::used || module.gil == Gil::missing) on.push_back(&module);
      if (module.gil == Gil::unknown) open.push_back(&module);
    }
    const std::size_t all = out_.modules.size() + wheel.not_read.size();
    if (!on.empty()) {
      settle(Standing::enables_gil, Confidence::likely,
             on.size() == all ? "loading it switches the GIL on"
                              : "loading " + counted(on.size(), "module") + " of its " + std::to_string(all) +
                                    " switches the GIL on (" + on.front()->name + (on.size() > 1 ? ", ..." : "") + ")");
      constexpr std::size_t told = 5;
      for (std::size_t i = 0; i < std::min(on.size(), told); ++i) reason(on[i]->name + ": " + on[i]->how, from_file());
      return;
    }
    if (!open.empty() || !wheel.not_read.empty()) {
      const std::string why = open.empty() ? counted(wheel.not_read.size(), "extension module") + " not read"
                                           : open.front()->name + ": " + open.front()->how;
      settle(Standing::unknown, Confidence::possible, "what it declares is not known: " + why);
      return reason(counted(all - open.size() - wheel.not_read.size(), "module") + " of " + std::to_string(all) +
                        " declare that they do not need the GIL",
                    from_file());
    }
    const bool backed = !out_.classifier.empty() && out_.classifier[0] >= '2';
    settle(backed ? Standing::supports : Standing::declared_only, Confidence::likely,
           all == 1 ? "its extension module declares that it does not need the GIL"
                    : "its " + std::to_string(all) + " extension modules declare that they do not need the GIL");
    reason(out_.modules.front().name + ": " + out_.modules.front().how + (all > 1 ? "; the others likewise" : ""),
           from_file());
  }

  void from_source() {
    if (!e_.has_source) {
      out_.builds = Builds::no, out_.builds_why = "there is no sdist";
      return;
    }
    out_.builds_why = "its sdist was not looked into";
    if (!e_.source) return;
    if (!e_.source->ok()) {
      out_.builds_why = "its sdist could not be read: " + e_.source->message();
      return;
    }
    out_.builds = would_build(**e_.source, out_.builds_why);
    reason("building it: " + out_.builds_why, "sdist");
    if ((*e_.source)->compiled_files == 0 && e_.offer == Offer::source_only)
      settle(Standing::pure, Confidence::likely, "pure Python, installed from its sources");
  }

  void by_scan() {
    if (!e_.scan) return;
    if (!e_.scan->failed.empty()) {
      out_.not_checked.push_back("no static scan: " + e_.scan->failed);
      return;
    }
    const std::uint64_t bad = e_.scan->high + e_.scan->medium;
    reason("static scan of " + counted(e_.scan->files, "file") + ": " + std::to_string(e_.scan->high) + " high, " +
               std::to_string(e_.scan->medium) + " medium, " + std::to_string(e_.scan->low) + " low" +
               full_report(e_.scan->report),
           "scan");
    if (e_.scan->high > 0 && (out_.standing == Standing::supports || out_.standing == Standing::declared_only))
      settle(Standing::hazards, Confidence::likely,
             "it declares that it does not need the GIL, and " + counted(bad, "finding") + " of the static scan " +
                 (bad == 1 ? "stands" : "stand") + " against it");
  }

  void by_probe() {
    if (!e_.probe) return;
    if (!e_.probe->gil_after) {
      out_.not_checked.push_back("importing it: " + e_.probe->failed);
      return;
    }
    if (*e_.probe->gil_after) {
      settle(Standing::enables_gil, Confidence::certain,
             "importing it switched the GIL on" +
                 (e_.probe->culprits.empty() ? "" : " (" + e_.probe->culprits.front() + ")"));
      return reason(out_.summary, "import");
    }
    reason("the GIL stayed off when it was imported", "import");
    if (out_.standing == Standing::declared_only) out_.standing = Standing::supports;
    if (out_.standing == Standing::supports || out_.standing == Standing::pure) out_.confidence = Confidence::certain;
    if (out_.standing == Standing::enables_gil) out_.summary += "; importing the package alone did not";
  }

  // What was seen outweighs what is declared; a module that switches the GIL on, or that is not there, stays the larger
  // trouble.
  void by_confirm() {
    if (!e_.confirm) return;
    const ConfirmSummary& run = *e_.confirm;
    if (!run.failed.empty()) out_.not_checked.push_back("running it: " + run.failed);
    if (run.confirmed + run.reached + run.not_reached == 0) {
      if (run.failed.empty())
        reason("nothing was found when it was built and run" + full_report(run.report), "confirm");
      return;
    }
    reason("built and run: " + counted(run.confirmed, "finding") + " confirmed, " + std::to_string(run.reached) +
               " reached and not seen to happen, " + std::to_string(run.not_reached) + " not reached" +
               full_report(run.report),
           "confirm");
    if (run.against == 0 || out_.standing > Standing::unknown) return;
    settle(Standing::hazards, run.screened ? Confidence::likely : Confidence::certain,
           counted(run.against, "hazard") + (run.against == 1 ? " was" : " were") + " seen to happen when it ran");
  }

  static std::string full_report(const std::string& path) { return path.empty() ? "" : "; full report: " + path; }

  const Evidence& e_;
  PackageReport out_;
};

}  // namespace

void add_top_level(const Evidence& evidence, std::map<std::string, Declaration>& all) {
  if (!evidence.wheel || !evidence.wheel->ok()) return;
  for (const WheelBinary& one : (*evidence.wheel)->extensions) {
    if (one.path.find('/') != std::string::npos || !one.binary.ok()) continue;
    for (const Declaration& declaration : one.binary->modules)
      if (declaration.module == stem_of(one.path) && declaration.style != InitStyle::export_hook)
        all.emplace(declaration.module, declaration);
  }
}

PackageReport judge(const Evidence& evidence) { return Judge(evidence).judge(); }

std::string free_threading_classifier(const std::vector<std::string>& classifiers) {
  std::string out;
  for (const std::string& one : classifiers)
    if (one.starts_with(classifier_start)) out = std::max(out, one.substr(classifier_start.size()));
  return out;
}

}  // namespace ftaudit::packages
