#include "finding/rule.h"
#include "analysis/lock_names.h"
#include "analysis/sections.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Nesting;
using analysis::Site;

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids())
      for (const analysis::Lock& lock : audit.held().taken_by(id, e))
        if (analysis::is_section(lock)) report.site();
    for (const Nesting& nesting : analysis::nestings(audit, id)) {
      const std::string outer = nesting.outer == analysis::none ? "the object that the caller locked"
                                                                : analysis::lock_text(audit, id, nesting.suspended);
      const model::Event& begin = function.events[nesting.inner];
      const std::string inner =
          begin.operands.size() > 1 ? audit.text({id, nesting.inner}, begin.operands[1]) : "another object";
      Finding& finding =
          add_at(report, audit, {id, nesting.inner},
                 "this section on " + inner + " may let go of the one on " + outer + ", whose state is used inside it");
      finding.place = outer;
      finding.instead = "Py_BEGIN_CRITICAL_SECTION2(" + outer + ", " + inner + "), which holds both, or finish with " +
                        outer + " before this section begins";
      if (nesting.outer != analysis::none)
        finding.trace.push_back({audit.location(Site{id, nesting.outer}), "the section on " + outer + " begins here"});
      finding.trace.push_back({audit.location(Site{id, nesting.use}), "its state is used here"});
    }
  });
}

extern const Rule critical_section_nested{
    {.id = "FT402",
     .name = "critical-section-nested",
     .category = Category::critical_section_misuse,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A critical section inside another one is taken to hold both objects",
     .why = "only the innermost section is sure to be held: when the inner one has to wait, the outer one is let go "
            "until the inner one ends",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
