#include <algorithm>

#include "capi/fields.h"
#include "capi/records.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using model::Event;
using model::Operand;
using model::Step;

static bool names_header_mutex(const model::Function& function, const Operand& operand) {
  if (operand.place == model::none) return false;
  const std::vector<Step>& steps = function.places[operand.place].steps;
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.kind == Step::Kind::field && step.field == capi::fields::mutex &&
           capi::record_named(step.record) == capi::Record::object;
  });
}

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (!analysis::is_call(event) || event.operands.empty()) continue;
      const capi::LockCall* lock = audit.program().lock_call(event.callee);
      if (lock != nullptr) report.site();
      const auto guilty = std::find_if(event.operands.begin(), event.operands.end(),
                                       [&](const Operand& operand) { return names_header_mutex(function, operand); });
      // Letting it go is part of the same mistake, and goes with it.
      if (guilty == event.operands.end() || (lock != nullptr && lock->does == capi::LockCall::Does::release)) continue;
      std::string text = audit.text({id, e}, *guilty);
      if (text.starts_with("&")) text.erase(0, 1);
      Finding& finding = add_at(
          report, audit, {id, e},
          event.callee + " uses " + text + ", the mutex in the object's header, which belongs to critical sections");
      finding.place = text;
      finding.instead = "Py_BEGIN_CRITICAL_SECTION on the object, or a PyMutex member of your own";
    }
  });
}

extern const Rule ob_mutex_direct_lock{
    {.id = "FT409",
     .name = "ob-mutex-direct-lock",
     .category = Category::critical_section_misuse,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "The mutex in an object's header is locked directly",
     .why = "CPython locks that mutex by critical sections only, which let go of it before their thread waits; a plain "
            "lock does not, and two threads can wait for each other",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
