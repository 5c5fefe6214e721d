#include <algorithm>

#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/collector.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using analysis::Use;
using model::Event;
using model::Operand;

// An object is made: zeroed (tp_alloc), or with whatever was in its memory.
static bool zeroes(const model::Function& function, const Event& event) {
  if (capi::makes_zeroed_object(event.callee)) return true;
  if (!event.callee.empty() || event.target.place == model::none) return false;
  const std::vector<model::Step>& steps = function.places[event.target.place].steps;
  return !steps.empty() && steps.back().field == "tp_alloc";
}
static bool makes(const model::Function& function, const Event& event) {
  return zeroes(function, event) || capi::makes_object(event.callee);
}

enum class Seen { no, tracked, published };

static Seen how_seen(const Audit& audit, FunctionId id, const Use& use) {
  const model::Function& function = audit.program().function(id);
  const Event& event = function.events[use.event];
  const auto shared = [&](const Operand& operand) {
    const analysis::Origin origin = audit.ownership().of(id, use.event, operand);
    return origin.kind == analysis::Origin::Kind::shared && origin.certain;
  };
  if (use.kind == Use::Kind::stored && event.place != model::none) {
    Operand to;
    to.kind = Operand::Kind::place, to.place = event.place;
    return shared(to) ? Seen::published : Seen::no;
  }
  if (use.kind != Use::Kind::passed) return Seen::no;
  // An object without fields set yet is a danger to the collector only if the collector may run before they are.
  if (capi::tracks(event.callee)) return Seen::tracked;
  return capi::taken_in(event.callee) == use.argument && shared(event.operands[0]) ? Seen::published : Seen::no;
}

static bool one_lock(const Audit& audit, FunctionId id, EventId a, EventId b) {
  const analysis::Locks &before = audit.held().at(id, a), &then = audit.held().at(id, b);
  return std::any_of(before.begin(), before.end(), [&](const analysis::Lock& lock) {
    return std::find(then.begin(), then.end(), lock) != then.end();
  });
}

static bool runs_between(const Audit& audit, FunctionId id, EventId from, EventId to) {
  const model::Function& function = audit.program().function(id);
  for (EventId e = from + 1; e < to; ++e)
    if (audit.suspension().event(function, function.events[e]) && audit.values(id).reaches(from, e, analysis::none) &&
        audit.values(id).reaches(e, to, analysis::none))
      return true;
  return false;
}

static void object(const Audit& audit, Report& report, FunctionId id, EventId made) {
  const model::Function& function = audit.program().function(id);
  const analysis::Values& values = audit.values(id);
  const std::string self = "c" + std::to_string(made);
  report.site();
  std::vector<std::pair<EventId, std::string>> writes;  // of its fields
  for (EventId e = made + 1; e < function.events.size(); ++e)
    if (function.events[e].kind == Event::Kind::write && function.events[e].place != model::none &&
        !function.places[function.events[e].place].steps.empty())
      if (std::string field = values.identity(function.places[function.events[e].place], e);
          field.size() > self.size() && analysis::lies_in(field, self))
        writes.emplace_back(e, std::move(field));
  if (writes.empty()) return;
  for (const Use& use : values.uses(made)) {
    // A helper of the project may set the fields.
    if (use.kind == Use::Kind::passed && audit.program().find(function.events[use.event].callee_key) != analysis::none)
      return;
    const Seen seen = how_seen(audit, id, use);
    if (seen == Seen::no) continue;
    for (const auto& [write, field] : writes) {
      const Event& event = function.events[write];
      const model::Place& place = function.places[event.place];
      if (write < use.event || !values.reaches(use.event, write, analysis::none) ||
          one_lock(audit, id, use.event, write))
        continue;
      if (std::any_of(writes.begin(), writes.end(), [&](const auto& other) {
            return other.first < use.event && other.second == field &&
                   values.reaches(other.first, use.event, analysis::none);
          }))
        continue;
      const bool nothing = !event.operands.empty() &&
                           (event.operands[0].kind == Operand::Kind::null ||
                            (event.operands[0].kind == Operand::Kind::number && event.operands[0].number == 0));
      if (zeroes(function, function.events[made]) && (nothing || seen == Seen::tracked)) continue;
      if (seen == Seen::tracked && (!place.type.to_object || !runs_between(audit, id, use.event, write))) continue;
      const std::string name = place.steps.back().field;
      Finding& finding = add_at(report, audit, Site{id, use.event},
                                seen == Seen::tracked
                                    ? "the garbage collector is given an object whose field " + name + " is not set yet"
                                    : "an object is put where others find it before its field " + name + " is set");
      finding.place = name;
      finding.instead = seen == Seen::tracked ? "set every field first, PyObject_GC_Track last"
                                              : "set every field first, and make the object known last";
      finding.trace.push_back({audit.location(function.events[made].span), "the object is made here"});
      finding.trace.push_back({audit.location(event.span), "the field is set here"});
      return;
    }
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (EventId e = 0; e < function.events.size(); ++e)
      if (analysis::is_call(function.events[e]) && makes(function, function.events[e])) object(audit, report, id, e);
  });
}

extern const Rule publish_before_init{
    {.id = "FT312",
     .name = "publish-before-init",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An object can be reached by others before all its fields are set",
     .why = "another thread, or the garbage collector, may take the object up the moment it can be found, and then "
            "works with fields that hold nothing yet, or whatever was in the memory before",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
