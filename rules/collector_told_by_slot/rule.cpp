#include <algorithm>

#include "capi/slots.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using model::Event;
using model::Operand;

namespace {

// What a value is made of is a field of the project's own: one object says yes today, and no tomorrow.
bool looks_at_own_field(const Audit& audit, FunctionId id) {
  const model::Function& function = audit.program().function(id);
  return std::any_of(function.events.begin(), function.events.end(), [&](const Event& event) {
    if (event.kind != Event::Kind::read || event.place == model::none) return false;
    const std::vector<model::Step>& steps = function.places[event.place].steps;
    return std::any_of(steps.begin(), steps.end(), [&](const model::Step& step) {
      return step.kind == model::Step::Kind::field && audit.program().record(step.record) != nullptr;
    });
  });
}

bool always_yes(const Operand& value) { return value.kind == Operand::Kind::number && value.number != 0; }

}  // namespace

static void check(const Audit& audit, Report& report) {
  for (const analysis::EntryPoint& entry : audit.entries()) {
    if (capi::slot_use(entry.slot) != capi::SlotUse::tracking) continue;
    report.site();
    const model::Function& function = audit.program().function(entry.function);
    EventId no = model::none;
    for (EventId e; e < function.events.next_id() && no == model::none; ++e)
      if (function.events[e].kind == Event::Kind::leave && !function.events[e].operands.empty() &&
          !always_yes(function.events[e].operands[0]))
        no = e;
    if (no == model::none) continue;
    const std::string type = entry.python_name.substr(0, entry.python_name.rfind('.'));
    Finding& finding =
        add_at(report, audit, {entry.function, no},
               "tp_is_gc of " + (type.empty() ? "the type" : type) +
                   " can answer no here, for an object that the collector visits and clears all the same");
    finding.place = entry.slot;
    const Operand& answer = function.events[no].operands[0];
    if (answer.kind != Operand::Kind::number && !looks_at_own_field(audit, entry.function))
      finding.confidence = Confidence::possible;
    finding.instead =
        "leave tp_is_gc out, and make tp_traverse and tp_clear safe for every instance; PyObject_GC_UnTrack takes an "
        "object from the collector for as long as it must not be touched";
  }
}

extern const Rule collector_told_by_slot{
    {.id = "FT414",
     .name = "collector-told-by-slot",
     .category = Category::other,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A tp_is_gc function says of some instances that the collector is to leave them alone",
     .why = "the collector of the free-threaded build finds its objects in the heap and does not ask: it traverses and "
            "clears those instances too, and a debug build ends the process over the answer",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
