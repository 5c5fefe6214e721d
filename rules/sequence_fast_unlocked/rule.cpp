#include <set>

#include "capi/capi.h"
#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/loop.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Origin;
using analysis::Site;
using model::Operand;

static void check(const Audit& audit, Report& report) {
  std::set<std::pair<analysis::FunctionId, analysis::EventId>> told;
  audit.each_concurrent_call(
      [](const model::Event& event) { return capi::looks_into_fast_sequence(event.callee); },
      [&](const Site& site) {
        const model::Event& event = audit.event(site);
        if (event.operands.empty()) return;
        report.site();
        const Operand& sequence = event.operands[0];
        const Origin origin = audit.ownership().of(site.function, site.event, sequence);
        if (origin.is_private() || audit.guarded(site, sequence)) return;
        const analysis::EventId made = audit.made_by(site, sequence, capi::makes_fast_sequence);
        std::string original = audit.text(site, sequence);
        if (made != analysis::none) {
          // A section on what was given to PySequence_Fast covers the list that it hands back.
          const Site maker_site{site.function, made};
          const Operand& given = audit.event(maker_site).operands[0];
          const std::string identity = audit.values(site.function).identity(given, made);
          for (const analysis::Lock& lock : audit.held().at(site.function, site.event))
            if (lock.kind == capi::LockCall::Kind::critical_section && analysis::lies_in(identity, lock.what)) return;
          original = audit.text(maker_site, given);
          if (!told.emplace(site.function, made).second) return;
        }
        const Site where = made != analysis::none ? Site{site.function, made} : site;
        Finding& finding = add_at(report, audit, where,
                                  event.callee + " reads the items of " + original +
                                      " without its lock: PySequence_Fast hands a list back as it is");
        finding.place = original;
        if (!origin.certain) finding.confidence = Confidence::possible;
        finding.instead = "PySequence_Tuple(" + original + ") for a copy that cannot change";
        if (lets_go_in_loop(audit, site) == analysis::none)
          finding.instead += ", or a critical section on " + original + " around the loop";
        if (made != analysis::none) finding.trace.push_back({audit.location(site), "its items are read here"});
      });
}

extern const Rule sequence_fast_unlocked{
    {.id = "FT106",
     .name = "sequence-fast-unlocked",
     .category = Category::container_internals,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "The items of a list that others can change are read through PySequence_Fast macros without its lock",
     .why = "PySequence_Fast returns a list as it is, and the macros read its item array without lock or bounds check "
            "while another thread may resize it",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
