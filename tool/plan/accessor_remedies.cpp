// What the interpreter keeps under locks of its own and code looks at beside them: the type in an object's header, the
// list of weak references before it is cleared.
#include <algorithm>

#include "capi/fields.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Site;
using model::Event;

namespace {

// `op->ob_type`, read as it stands.
bool reads_type(const model::Function& function, const Event& event) {
  if (event.kind != Event::Kind::read || event.place == none || event.macro != none) return false;
  const std::vector<model::Step>& steps = function.places[event.place].steps;
  return !steps.empty() && steps.back().kind == model::Step::Kind::field && steps.back().field == capi::fields::type &&
         steps.back().record == "PyObject";
}

bool is_field(const model::Function& function, const model::Operand& operand) {
  return operand.kind == model::Operand::Kind::place && !function.places[operand.place].steps.empty() &&
         function.places[operand.place].steps.back().kind == model::Step::Kind::field;
}

void edit_at(const Audit& audit, Remedy& remedy, Edit::Does does, const Site& site, std::string write) {
  remedy.edits.push_back({.does = does, .function = site.function, .first = site.event});
  remedy.places.push_back(place_at(audit, site.function, site.event, std::move(write)));
  remedy.speaks_of.insert(audit.location(site));
  remedy.functions.insert(site.function);
}

}  // namespace

void accessor_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  Remedy types{.kind = StepKind::accessor, .key = "accessor ob_type"};
  types.what = "call Py_TYPE instead of reading ob_type";
  types.because = "what lies in the header of an object differs between builds, and changes";
  Remedy lists{.kind = StepKind::no_test, .key = "no-test weak references"};
  lists.what = "call PyObject_ClearWeakRefs without looking whether there are weak references";
  lists.because = "it looks at the list itself, under the list's lock";
  lists.otherwise = "leave the test to builds without Py_GIL_DISABLED";
  audit.each_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (reads_type(function, event)) edit_at(audit, types, Edit::Does::use_accessor, {id, e}, "Py_TYPE");
      if (!analysis::is_call(event) || event.callee != "PyObject_ClearWeakRefs") continue;
      audit.values(id).each_condition(e, [&](EventId test, bool) {
        if (std::ranges::any_of(function.events[test].operands,
                                [&](const model::Operand& operand) { return is_field(function, operand); }))
          edit_at(audit, lists, Edit::Does::take_out_test, {id, test}, "no test");
      });
    }
  });
  for (Remedy* remedy : {&types, &lists})
    if (!remedy->edits.empty() && !refused.contains(remedy->key)) out.push_back(std::move(*remedy));
}

}  // namespace ftaudit::plan
