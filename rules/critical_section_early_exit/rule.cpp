#include "finding/rule.h"
#include "analysis/sections.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::WayOut;

static const char* how(WayOut::How how) {
  switch (how) {
    case WayOut::How::returned: return "the function returns";
    case WayOut::How::jumped: return "control jumps out";
    case WayOut::How::thrown: return "an exception is thrown";
    case WayOut::How::restarted: return "control goes back to the beginning of the section";
    case WayOut::How::never_ended: return "the function ends";
  }
  return "";
}

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const model::Event& event : function.events)
      if (const capi::LockCall* lock =
              event.kind == model::Event::Kind::acquire ? audit.program().lock_call(event.callee) : nullptr;
          lock != nullptr && lock->kind == capi::LockCall::Kind::critical_section)
        report.site();
    for (const WayOut& way : analysis::ways_out(audit, id)) {
      const model::Event& begin = function.events[way.begin];
      const std::string object =
          begin.operands.size() > 1 ? audit.text({id, way.begin}, begin.operands[1]) : "the object";
      Finding& finding =
          add_at(report, audit, {id, way.at},
                 std::string(how(way.how)) + " inside the critical section on " + object + ", which stays open");
      finding.place = object;
      finding.confidence =
          way.how == WayOut::How::returned || way.how == WayOut::How::thrown ? Confidence::certain : Confidence::likely;
      finding.instead =
          way.how == WayOut::How::thrown
              ? "a guard whose destructor ends the section (pybind11::scoped_critical_section, "
                "nanobind::ft_object_guard, or one of your own)"
              : "keep the outcome in a variable, reach Py_END_CRITICAL_SECTION() on every path, and leave after it";
      finding.trace.push_back({audit.location(begin.span), "the section on " + object + " begins here"});
    }
  });
}

extern const Rule critical_section_early_exit{
    {.id = "FT401",
     .name = "critical-section-early-exit",
     .category = Category::critical_section_misuse,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Control leaves a critical section without ending it",
     .why = "the lock stays taken, and the thread goes on pointing at a section in a stack frame that is gone: the "
            "next section, or the next wait, writes through that pointer",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
