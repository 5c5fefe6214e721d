#include "dynamic/evidence/meeting.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "dynamic/tsan/tsan.h"
#include "finding/seen.h"

namespace ftaudit::dynamic {
namespace {

using Kind = Sighting::Kind;
using Verdict = Witness::Verdict;

const RuleInfo* rule_for(Kind kind) {
  switch (kind) {
    case Kind::data_race: return &seen::data_race;
    case Kind::use_after_free: return &seen::use_after_free;
    case Kind::lock_order_inversion: return &seen::lock_order;
    case Kind::mutex_misuse: return &seen::mutex_misuse;
    case Kind::crash: return &seen::crash;
    case Kind::deadlock: return &seen::deadlock;
    case Kind::hang: return &seen::hang;
    case Kind::gil_switched_on: return &seen::gil_on_import;
    case Kind::signal_unsafe:
    case Kind::runtime_trouble: return nullptr;
  }
  return nullptr;
}

bool is_crash(Kind kind) { return kind == Kind::crash || kind == Kind::deadlock; }

std::string_view thing(Kind kind) {
  switch (kind) {
    case Kind::data_race: return "a data race";
    case Kind::use_after_free: return "a use after free";
    case Kind::lock_order_inversion: return "locks taken in opposite orders";
    case Kind::mutex_misuse: return "a misused mutex";
    case Kind::crash: return "a crash";
    case Kind::deadlock: return "a deadlock";
    case Kind::hang: return "a hang";
    case Kind::gil_switched_on: return "the import switched the GIL on";
    case Kind::signal_unsafe:
    case Kind::runtime_trouble: return "trouble";
  }
  return "trouble";
}

// "write in Spam_hit at spam.c:10 and read in Spam_get at spam.c:20".
std::string place_of(const Sighting& sighting) {
  std::vector<std::string> sides;
  for (const Site& site : sighting.sites)
    sides.push_back((site.access.empty() ? "" : site.access + " ") +
                    (site.function.empty() ? "" : "in " + site.function + " ") + "at " + site.location.file +
                    (site.location.line == 0 ? "" : ":" + std::to_string(site.location.line)));
  return sides.empty() ? sighting.type + (sighting.seen.step.empty() ? "" : " during " + sighting.seen.step)
                       : join(sides, " and ");
}

Witness witness_of(const std::vector<const Sighting*>& shown, bool screened) {
  Witness witness;
  const bool proven =
      std::any_of(shown.begin(), shown.end(), [](const Sighting* sighting) { return lacking(*sighting).empty(); });
  witness.verdict = proven ? Verdict::confirmed : Verdict::seen_near;
  const Sighting *best = shown.front(), *reproduced = shown.front();
  for (const Sighting* sighting : shown) {
    if (tells_more(*sighting, *best)) best = sighting;
    if (reproduced->reproducer.empty()) reproduced = sighting;
    witness.seen += sighting->count;
    witness.crashes_plain |= is_crash(sighting->kind) && sighting->plain_count > 0;
  }
  witness.why = thing(best->kind);
  if (best->kind == Kind::crash && !best->type.empty()) witness.why += " (" + best->type + ")";
  if (!proven) witness.why += ", but " + lacking(*best);
  witness.repeats = best->repeats;
  if (best->attribution == Attribution::through_cpython) witness.why += ", one side of it inside CPython";
  witness.workload = best->seen.workload;
  if (!best->reproducer.empty()) reproduced = best;
  witness.report = best->text, witness.reproducer = reproduced->reproducer;
  witness.hits = reproduced->hits, witness.runs = reproduced->runs;
  for (const Sighting* sighting : shown) witness.places.push_back({place_of(*sighting), sighting->count});
  witness.screened =
      screened || std::all_of(shown.begin(), shown.end(), [](const Sighting* s) { return s->seen.screened; });
  return witness;
}

class Meeting {
 public:
  Meeting(Document& document, std::span<const Sighting> sightings, const Coverage& coverage, const Runs& runs)
      : document_(document),
        sightings_(sightings),
        coverage_(coverage),
        runs_(runs),
        lines_(document.root),
        teller_(sightings.size()) {}

  void hold() {
    for (Finding& finding : document_.findings) finding.witness = witness(finding);
    explain_crashes_without_a_place();
    std::vector<Finding> fresh = of_the_unspoken();
    std::sort(fresh.begin(), fresh.end(), before);
    fingerprint(fresh);
    tally(fresh);
    for (Finding& finding : fresh) document_.findings.push_back(std::move(finding));
    // What was seen and nobody foresaw stands against a claim as well.
    for (Finding& finding : document_.findings)
      if (finding.name == "premature-claim" && runs_.any) finding.witness = witness_of_claim(finding);
    std::stable_sort(document_.findings.begin(), document_.findings.end(), before);
  }

 private:
  static bool is_confirmed(const Finding& finding) {
    return finding.witness && finding.witness->verdict == Verdict::confirmed;
  }

  Witness witness(Finding& finding) {
    std::vector<const Sighting*> shown;
    for (std::size_t i = 0; i < sightings_.size(); ++i) {
      if (!shows(sightings_[i], finding, lines_, runs_.function_at)) continue;
      shown.push_back(&sightings_[i]);
      if (teller_[i] == nullptr || !is_confirmed(*teller_[i])) teller_[i] = &finding;
    }
    Witness out;
    if (!shown.empty()) out = witness_of(shown, runs_.screened);
    if (!runs_.any) {
      if (shown.empty()) out.why = runs_.why_none;
      return out;
    }
    count(finding, out);
    if (!shown.empty()) return out;
    if (finding.function.empty()) {
      out.why = "it lies in no function that could be watched";
    } else if (!runs_.counted) {
      out.why = "what ran is not known: modules that were installed as they are do not count what is entered";
    } else if (coverage_.functions().empty()) {
      // Runs that were cut short before they came to the extension say nothing of what they would have reached.
      out.why = "the runs ended before anything of the extension was entered";
    } else if (out.reached == 0) {
      out.verdict = Verdict::not_reached;
      out.why = "nothing that was run entered " + finding.function;
    } else {
      out.verdict = Verdict::reached_not_raced;
    }
    return out;
  }

  // Who uses an object that is gone breaks the heap, and that kills the process anywhere. Where such a finding was
  // confirmed, a crash with nothing of the extension on its stack tells nothing new.
  void explain_crashes_without_a_place() {
    const auto does_it = [](const Finding& f) { return about_lifetime(f.category) && is_confirmed(f); };
    const auto known = std::find_if(document_.findings.begin(), document_.findings.end(), does_it);
    if (known == document_.findings.end()) return;
    std::uint64_t crashes = 0;
    for (std::size_t i = 0; i < sightings_.size(); ++i) {
      const Sighting& sighting = sightings_[i];
      if (teller_[i] != nullptr || sighting.kind != Kind::crash || !sighting.sites.empty()) continue;
      teller_[i] = &*known;
      crashes += sighting.count;
    }
    if (crashes != 0)
      document_.notes.push_back("the process died " + counted(crashes, "time") +
                                " with nothing of the extension on the stack, as it may after what " + known->rule +
                                " in " + known->function + " does");
  }

  // One finding a cause: the same two entries race at many lines, and are mended together. Where some finding speaks of
  // a family - the same two functions at other lines -, that one tells the rest of it as places of its own; one that
  // was only seen near tells nothing that is shown.
  std::vector<Finding> of_the_unspoken() {
    std::map<std::string, Finding*> told;  // by family
    for (std::size_t i = 0; i < sightings_.size(); ++i)
      if (teller_[i] != nullptr)
        if (Finding*& known = told[sightings_[i].family()]; known == nullptr || !is_confirmed(*known))
          known = teller_[i];
    std::vector<std::pair<std::string, std::vector<const Sighting*>>> causes;
    for (std::size_t i = 0; i < sightings_.size(); ++i) {
      if (teller_[i] != nullptr) continue;
      if (const auto by = told.find(sightings_[i].family());
          by != told.end() && (is_confirmed(*by->second) || !lacking(sightings_[i]).empty())) {
        by->second->witness->places.push_back({place_of(sightings_[i]), sightings_[i].count});
        by->second->witness->seen += sightings_[i].count;
        continue;
      }
      const std::string cause = sightings_[i].cause();
      auto known = std::find_if(causes.begin(), causes.end(), [&](const auto& c) { return c.first == cause; });
      if (known == causes.end()) known = causes.insert(causes.end(), {cause, {}});
      known->second.push_back(&sightings_[i]);
    }
    std::vector<Finding> out;
    for (const auto& [cause, members] : causes)
      if (auto finding = finding_of(members)) out.push_back(std::move(*finding));
    return out;
  }

  // A claim of needing no GIL is refuted by anything severe that was seen in the module's files.
  Witness witness_of_claim(const Finding& claim) const {
    const auto module = std::find_if(document_.modules.begin(), document_.modules.end(), [&](const ModuleReport& m) {
      return m.name == claim.place || document_.modules.size() == 1;
    });
    const Finding* worst = nullptr;
    std::uint64_t confirmed = 0;
    for (const Finding& finding : document_.findings) {
      if (&finding == &claim || finding.severity < Severity::high || !is_confirmed(finding)) continue;
      const bool inside =
          module == document_.modules.end() || module->files.empty() ||
          std::find(module->files.begin(), module->files.end(), finding.location.file) != module->files.end();
      if (!inside) continue;
      ++confirmed;
      if (worst == nullptr || finding.witness->crashes_plain > worst->witness->crashes_plain) worst = &finding;
    }
    if (worst == nullptr) return {.why = "nothing that stands against the claim was confirmed"};
    Witness out = *worst->witness;
    out.why = counted(confirmed, "finding") + " that " + (confirmed == 1 ? "stands" : "stand") +
              " against it confirmed, " + worst->rule + " first";
    return out;
  }

  // How often the finding's function was entered, and with its other side at the same time.
  void count(const Finding& finding, Witness& out) const {
    const std::string own = without_parameters(finding.function);
    if (own.empty()) return;
    out.reached = coverage_.reached(own);
    std::set<std::string> others;
    for (const Step& step : finding.trace)
      if (runs_.function_at)
        if (const std::string name = without_parameters(runs_.function_at(step.location)); !name.empty() && name != own)
          others.insert(name);
    for (const Side& side : finding.sides)
      if (const std::string name = without_parameters(side.function); !name.empty() && name != own) others.insert(name);
    if (others.empty()) others.insert(own);
    for (const std::string& other : others) out.overlaps += coverage_.overlapped(own, other);
  }

  std::optional<Finding> finding_of(const std::vector<const Sighting*>& family) {
    const Sighting* best = family.front();
    for (const Sighting* other : family)
      if (tells_more(*other, *best)) best = other;
    const Sighting& sighting = *best;
    const RuleInfo* rule = rule_for(sighting.kind);
    if (rule == nullptr) return std::nullopt;
    Finding out;
    out.rule = rule->id, out.name = rule->name, out.category = rule->category, out.why = rule->why;
    out.severity = rule->severity, out.confidence = rule->confidence;
    out.place = sighting.place;
    if (!sighting.sites.empty()) {
      out.location = sighting.sites.front().location;
      out.function = sighting.sites.front().function;
    } else if (sighting.kind == Kind::gil_switched_on) {
      for (const ModuleReport& module : document_.modules)
        if (module.name == sighting.place || document_.modules.size() == 1) out.location = module.location;
    }
    if (sighting.attribution != Attribution::extension) {
      // CPython may have ordered what it saw in a way the sanitizer cannot see, or the fault may be its own.
      out.severity = std::min(out.severity, Severity::medium);
      out.confidence = Confidence::possible;
    } else if (sighting.seen.screened || sighting.after_fault) {
      out.confidence = Confidence::possible;
    } else if (!lacking(sighting).empty()) {
      out.confidence =
          needs_no_gil(sighting.repeats) ? std::min(out.confidence, Confidence::likely) : Confidence::possible;
    }
    if (!lacking(sighting).empty()) out.severity = std::min(out.severity, Severity::medium);
    out.what = what_of(sighting);
    out.instead = instead_of(sighting.kind) + where_a_lock_ends(sighting);
    for (std::uint8_t thread = 1; const Site& site : sighting.sites) {
      const std::string here = site.function.empty() ? "here" : site.function;
      if (site.entered) out.trace.push_back({site.entered->location, "entered in " + site.entered->function, thread});
      out.trace.push_back({site.location, here + (site.access.empty() ? "" : ": " + site.access), thread++});
    }
    if (out.trace.size() == 1 && sighting.path.empty()) out.trace.clear();
    out.guilty_text = std::string(lines_.line(out.location.file, out.location.line));
    out.witness = witness_of(family, runs_.screened);
    if (!out.function.empty()) count(out, *out.witness);
    return out;
  }

  // It came again, and not once with the GIL on: whoever does it, it is a matter of the GIL.
  static bool needs_no_gil(const Witness::Repeats& repeats) {
    return repeats.seen > 0 && repeats.gil_of > 0 && repeats.gil_seen == 0;
  }

  static std::string what_of(const Sighting& sighting) {
    const auto side = [](const Site& site) {
      return (site.access.empty() ? std::string("was") : site.access) + " in " +
             (site.function.empty() ? site.location.file : site.function) +
             (site.entered ? " (entered through " + site.entered->function + ")" : "");
    };
    const std::string place = sighting.place.empty() ? "" : " of " + sighting.place;
    switch (sighting.kind) {
      case Kind::data_race:
      case Kind::use_after_free: {
        std::string text = sighting.type.empty() ? std::string(name_of(sighting.kind)) : sighting.type;
        text += place;
        if (sighting.sites.size() == 2) text += ": " + side(sighting.sites[0]) + " and " + side(sighting.sites[1]);
        else if (sighting.sites.size() == 1)
          text +=
              ": " + side(sighting.sites[0]) +
              (sighting.attribution == Attribution::through_cpython ? " against CPython's own code in another thread"
                                                                    : "");
        return text;
      }
      case Kind::crash:
        return "the process died: " + sighting.type +
               (sighting.seen.step.empty() ? "" : ", during: " + sighting.seen.step);
      case Kind::gil_switched_on:
        return "importing " + (sighting.place.empty() ? "the module" : sighting.place) + " switched the GIL on";
      case Kind::deadlock:
      case Kind::hang:
        return (sighting.type.empty() ? std::string(name_of(sighting.kind)) : sighting.type) +
               (sighting.seen.step.empty() ? "" : ", during: " + sighting.seen.step);
      default: return sighting.type;
    }
  }

  // What races far below what Python calls - in a library that comes with the extension - wants its lock up there.
  static std::string where_a_lock_ends(const Sighting& sighting) {
    if (sighting.kind != Kind::data_race) return {};
    std::vector<std::string> calls;
    for (const Site& site : sighting.sites)
      if (site.entered && site.entered->location.line != 0 && site.entered->location.file != site.location.file)
        calls.push_back("the call in " + site.entered->function + " (" + site.entered->location.file + ":" +
                        std::to_string(site.entered->location.line) + ")");
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    return calls.empty() ? "" : "; a lock around " + join(calls, " and ") + " ends it whatever lies below";
  }

  static std::string instead_of(Kind kind) {
    switch (kind) {
      case Kind::data_race:
        return "put both sides under the same lock (the object's critical section, a PyMutex), or make the variable "
               "atomic at every access";
      case Kind::use_after_free: return "hold a reference, or the owner's lock, for as long as the memory is used";
      case Kind::deadlock:
      case Kind::lock_order_inversion:
        return "take the locks in one order everywhere, and call nothing that may run Python or stop all threads while "
               "a native lock is held";
      case Kind::gil_switched_on:
        return "add {Py_mod_gil, Py_MOD_GIL_NOT_USED} to the module's slots once its other findings are mended";
      case Kind::mutex_misuse:
        return "let the thread that locked it unlock it, and destroy it when nobody can come any more";
      default: return {};
    }
  }

  // What was seen counts like what was looked at: a rule without a line here was not asked for.
  void tally(const std::vector<Finding>& fresh) {
    if (!runs_.any) return;
    for (const RuleInfo* rule : seen::all) {
      RuleTally tally{.rule = std::string(rule->id)};
      for (const Sighting& sighting : sightings_)
        if (rule_for(sighting.kind) == rule) tally.sites += sighting.count;
      for (const Finding& finding : fresh) tally.findings += finding.rule == rule->id ? 1 : 0;
      document_.rules.push_back(std::move(tally));
    }
    std::stable_sort(document_.rules.begin(), document_.rules.end(),
                     [](const RuleTally& a, const RuleTally& b) { return a.rule < b.rule; });
  }

  Document& document_;
  std::span<const Sighting> sightings_;
  const Coverage& coverage_;
  const Runs& runs_;
  SourceLines lines_;
  std::vector<Finding*> teller_;  // by sighting: the finding that speaks of it; a confirmed one where there is one
};

}  // namespace

bool tells_more(const Sighting& a, const Sighting& b) {
  const auto rank = [](const Sighting& s) {
    return std::tuple(!lacking(s).empty(), s.after_fault, s.seen.screened, s.attribution != Attribution::extension,
                      s.reproducer.empty());
  };
  return rank(a) != rank(b) ? rank(a) < rank(b) : a.count > b.count;
}

void meet(Document& document, std::span<const Sighting> sightings, const Coverage& coverage, const Runs& runs) {
  Meeting(document, sightings, coverage, runs).hold();
}

}  // namespace ftaudit::dynamic
