#include "finding/rule.h"
#include "capi/thread_states.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using model::Event;
using model::Operand;
using model::Place;

// The first access to state of the project's own that happens only when the compare had that outcome; none where the
// answer decides about the thread state or about calls into Python, which is what it is for.
static EventId guarded_access(const Audit& audit, FunctionId id, EventId compare) {
  const model::Function& function = audit.program().function(id);
  EventId access = model::none;
  for (const EventId e : function.events.ids(compare + 1)) {
    bool decides = false;
    audit.values(id).each_condition(e, [&](EventId condition, bool) { decides = decides || condition == compare; });
    if (!decides) continue;
    const Event& event = function.events[e];
    if (analysis::is_call(event) && (audit.attached().changes({id, e}) || capi::needs_attached(event.callee) ||
                                     event.callee == "abort" || event.callee == "__assert_fail"))
      return model::none;
    if (access != model::none || event.kind != Event::Kind::write || event.atomic || event.place == model::none)
      continue;
    const Place& place = function.places[event.place];
    const bool global = place.root == Place::Root::global && !audit.facts().globals[place.global].is_thread_local;
    if (!place.type.is_atomic && (global || !place.steps.empty()) && audit.held().at(id, e).empty()) access = e;
  }
  return access;
}

static void check_questions(const Audit& audit, Report& report, FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (const model::Block& block : function.blocks) {
    if (block.condition == model::none) continue;
    const Event& compare = function.events[block.condition];
    if (compare.operands.empty() || compare.operands[0].kind != Operand::Kind::call ||
        !capi::asks_if_attached(function.events[compare.operands[0].event].callee))
      continue;
    report.site();
    const EventId access = guarded_access(audit, id, block.condition);
    if (access == model::none) continue;
    const std::string& question = function.events[compare.operands[0].event].callee;
    Finding& finding = add_at(report, audit, {id, compare.operands[0].event},
                              question + " is taken to say that no other thread can be here");
    finding.place = question;
    finding.instead = "a mutex or an atomic around the state itself; that this thread is attached keeps nobody out";
    finding.trace.push_back(
        {audit.location(function.events[access].span), "written here on the strength of the answer"});
  }
}

static void check_tokens(const Audit& audit, Report& report, FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.place == model::none || event.operands.empty() ||
        event.operands[0].kind != Operand::Kind::call)
      continue;
    if (!capi::gives_token(function.events[event.operands[0].event].callee)) continue;
    report.site();
    const Place& place = function.places[event.place];
    if (place.root != Place::Root::global || audit.facts().globals[place.global].is_thread_local ||
        audit.facts().globals[place.global].type.kind == model::Type::Kind::record)
      continue;
    const std::string name = audit.facts().globals[place.global].name;
    Finding& finding =
        add_at(report, audit, {id, e}, "the answer of PyGILState_Ensure goes to " + name + ", which all threads share");
    finding.place = name;
    finding.instead = "a local variable: each PyGILState_Release needs the answer of its own PyGILState_Ensure";
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](FunctionId id) {
    check_questions(audit, report, id);
    check_tokens(audit, report, id);
  });
}

extern const Rule gilstate_misuse{
    {.id = "FT505",
     .name = "gilstate-misuse",
     .category = Category::thread_state,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "PyGILState functions are used for what they do not say",
     .why = "PyGILState_Check says that this thread is attached, which many threads are at once; and what "
            "PyGILState_Ensure answers belongs to one call on one thread",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
