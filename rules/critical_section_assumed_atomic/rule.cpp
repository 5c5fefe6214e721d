#include "finding/rule.h"
#include "analysis/lock_names.h"
#include "analysis/sections.h"
#include "model/print.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using analysis::Stale;

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids())
      for (const analysis::Lock& lock : audit.held().taken_by(id, e))
        if (analysis::is_section(lock)) report.site();
    for (const Stale& stale : analysis::stale_uses(audit, id)) {
      const std::string object = analysis::lock_text(audit, id, stale.section),
                        place =
                            model::text_of(audit.facts(), function, function.places[function.events[stale.read].place]);
      const std::string& callee = function.events[stale.call].callee;
      const std::string call = callee.empty() ? "a call" : callee + "()";
      Finding& finding = add_at(report, audit, {id, stale.use},
                                "what is written here rests on " + place + " as it was before " + call +
                                    ", which may let go of the section on " + object);
      finding.place = place;
      finding.instead = "make the call before the section begins, or read " + place + " again after it";
      finding.trace.push_back({audit.location(Site{id, stale.read}), place + " is read here"});
      finding.trace.push_back({audit.location(Site{id, stale.call}),
                               call + " may run Python code or wait; the section is open to others meanwhile"});
    }
  });
}

extern const Rule critical_section_assumed_atomic{
    {.id = "FT404",
     .name = "critical-section-assumed-atomic",
     .category = Category::critical_section_misuse,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A value read in a critical section is relied on after a call that may have let the section go",
     .why = "a critical section is let go while the thread runs other Python code or waits; what was read before may "
            "have been changed by then",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
