#include "packages/verdict/advice.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>

#include "base/text.h"

namespace ftaudit::packages {
namespace {

bool cannot_be_had(const PackageReport& package) {
  return package.standing == Standing::cannot_install ||
         (package.standing == Standing::no_wheel && package.builds != Builds::yes);
}

// From what the user named down to `package`: the shortest way against needed_by.
std::vector<std::string> chain_to(const std::map<std::string, const PackageReport*>& all, const std::string& package) {
  std::map<std::string, std::string> towards;  // from a package to the one below it
  std::deque<std::string> waiting{package};
  towards[package] = "";
  while (!waiting.empty()) {
    const std::string at = waiting.front();
    waiting.pop_front();
    const auto found = all.find(at);
    if (found == all.end()) continue;
    if (found->second->direct) {
      std::vector<std::string> out;
      for (std::string step = at; !step.empty(); step = towards[step]) out.push_back(step);
      return out;
    }
    for (const std::string& above : found->second->needed_by)
      if (towards.emplace(above, at).second) waiting.push_back(above);
  }
  return {package};
}

std::string named(const std::vector<const PackageReport*>& packages) {
  constexpr std::size_t shown = 4;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(packages.size(), shown); ++i) names.push_back(packages[i]->name);
  return join(names, ", ") +
         (packages.size() > shown ? " and " + std::to_string(packages.size() - shown) + " more" : "");
}

std::string abi_of(std::string_view target) {
  std::string out = "cp";
  for (const char c : target)
    if (c != '.') out += c;
  return out;
}

// From 3.15 on there is a stable ABI for builds without the GIL too (PEP 803).
bool takes_stable_abi(std::string_view target) {
  unsigned minor = 0;
  if (target.starts_with("3.")) std::from_chars(target.data() + 2, target.data() + target.size(), minor);
  return minor >= 15;
}

class Adviser {
 public:
  Adviser(const std::vector<PackageReport>& packages, Workload workload, std::string_view target, bool incomplete)
      : packages_(packages), workload_(workload), target_(target), incomplete_(incomplete) {
    for (const PackageReport& package : packages) {
      by_name_[package.name] = &package;
      if (cannot_be_had(package)) missing_.push_back(&package);
      else if (package.standing == Standing::no_wheel) built_.push_back(&package);
      if (package.standing == Standing::enables_gil) on_.push_back(&package);
      if (package.standing == Standing::hazards) hazards_.push_back(&package);
      if (package.standing == Standing::declared_only) claims_.push_back(&package);
      if (package.standing == Standing::unknown) unknown_.push_back(&package);
    }
  }

  ftaudit::Advice advise() {
    for (const auto* list : {&on_, &missing_, &hazards_})
      for (const PackageReport* package : *list) out_.blockers.push_back(package->name);
    for (const PackageReport* package : on_) out_.chains.push_back(chain_to(by_name_, package->name));
    decide();
    if (out_.recommendation == Recommendation::none) return std::move(out_);
    for (const auto* list : {&on_, &missing_, &hazards_, &unknown_})
      for (const PackageReport* package : *list) act(*package);
    for (const PackageReport* package : built_)
      out_.actions.push_back(
          {Action::Kind::build, package->name, "build " + package->name + " from its sources: " + package->builds_why});
    return std::move(out_);
  }

 private:
  std::string gain() const {
    switch (workload_) {
      case Workload::io: return "Work that waits for the network or disks gains nothing: waiting never held the GIL";
      case Workload::cpu:
        return "Python code that computes in threads, or in processes only because of the GIL, gains most";
      case Workload::numeric:
        return "Native code that releases the GIL runs in parallel today; the Python between such calls gains";
      case Workload::mixed: break;
    }
    return "What computes in threads gains; what waits does not";
  }

  void decide() {
    out_.because.push_back(gain());
    if (packages_.empty()) {
      out_.recommendation = Recommendation::none;
      out_.headline = "Nothing can be said: nothing was judged";
      return;
    }
    if (!missing_.empty())
      out_.because.push_back(counted(missing_.size(), "package") + " cannot be installed for " + target_ +
                             " as it stands: " + named(missing_));
    if (!on_.empty())
      out_.because.push_back(counted(on_.size(), "package") + (on_.size() == 1 ? " switches" : " switch") +
                             " the GIL on for the whole process: " + named(on_));
    if (!hazards_.empty())
      out_.because.push_back("Findings stand against what " + named(hazards_) +
                             (hazards_.size() == 1 ? " declares" : " declare"));
    if (std::none_of(packages_.begin(), packages_.end(), [](const PackageReport& package) {
          return package.known && package.standing != Standing::unknown;
        })) {
      out_.recommendation = Recommendation::none;
      out_.headline = "Nothing can be said: nothing is known of any package";
      return;
    }
    if (!unknown_.empty()) out_.because.push_back("Nothing is known of " + named(unknown_));
    if (!claims_.empty())
      out_.because.push_back("Only its own word stands for " + named(claims_) + ": load-test before relying on it");
    if (!missing_.empty() && target_.starts_with("3.13"))
      out_.because.push_back("Many projects no longer build for 3.13t: --target 3.14t may look better");
    if (!missing_.empty()) {
      out_.recommendation = Recommendation::not_yet;
      out_.headline = "Not yet: it cannot be installed";
    } else if (!on_.empty()) {
      out_.recommendation = Recommendation::not_yet;
      out_.headline = "Not yet: it would install, and run with the GIL on";
    } else if (!hazards_.empty() || !unknown_.empty()) {
      out_.recommendation = Recommendation::staging;
      out_.headline = "Try it in staging: nothing known keeps the GIL on, and not all is known to be safe";
    } else if (incomplete_) {
      out_.recommendation = Recommendation::staging;
      out_.headline = "Nothing known stands in the way, and not all that was asked for could be read";
    } else if (workload_ == Workload::io) {
      out_.recommendation = Recommendation::staging;
      out_.headline = "It would run, and there is little to gain";
    } else if (!claims_.empty() || !built_.empty()) {
      out_.recommendation = Recommendation::staging;
      out_.headline = "Try it in staging: every package declares support, and not every claim is backed";
    } else {
      out_.recommendation = Recommendation::go;
      out_.headline = "Go: every package supports running without the GIL";
    }
  }

  void act(const PackageReport& package) {
    const std::string where = package.homepage.empty() ? "" : " (" + package.homepage + ")";
    const auto add = [&](Action::Kind kind, std::string what) {
      out_.actions.push_back({kind, package.name, std::move(what)});
    };
    if (!package.upgrade_to.empty()) {
      add(Action::Kind::upgrade,
          "upgrade " + package.name + " to " + package.upgrade_to +
              (package.first_version.empty() || package.first_version == package.upgrade_to
                   ? ""
                   : "; wheels for " + target_ + " exist from " + package.first_version + " on"));
      return;
    }
    if (!package.pin_to.empty())
      add(Action::Kind::replace,
          "pin " + package.name + " to " + package.pin_to + ", the last version with a wheel for " + target_);
    switch (package.standing) {
      case Standing::cannot_install:
        return add(Action::Kind::look, package.summary.empty() ? "find out why " + package.name + " cannot be installed"
                                                               : package.name + " " + package.summary);
      case Standing::no_wheel:
        if (package.builds == Builds::unknown)
          add(Action::Kind::build, "try building " + package.name + ": " + package.builds_why);
        return add(
            Action::Kind::ask,
            "ask " + package.name + " for wheels tagged " + abi_of(target_) +
                (takes_stable_abi(target_) ? ", or abi3t: one for every free-threaded Python from 3.15 on" : "") +
                where);
      case Standing::enables_gil:
        return add(Action::Kind::ask, "ask " + package.name + " to audit its modules and declare Py_mod_gil" + where);
      case Standing::hazards: return add(Action::Kind::ask, "report the findings to " + package.name + where);
      default:
        return add(Action::Kind::look, "import " + package.name + " with --probe to see whether the GIL stays off");
    }
  }

  const std::vector<PackageReport>& packages_;
  Workload workload_;
  std::string target_;
  bool incomplete_;
  std::map<std::string, const PackageReport*> by_name_;
  std::vector<const PackageReport*> missing_, built_, on_, hazards_, claims_, unknown_;
  ftaudit::Advice out_;
};

}  // namespace

ftaudit::Advice advise(const std::vector<PackageReport>& packages, Workload workload, std::string_view target,
                       bool incomplete) {
  return Adviser(packages, workload, target, incomplete).advise();
}

}  // namespace ftaudit::packages
