#include "analysis/unique.h"

#include <algorithm>
#include <map>

#include "capi/capi.h"
#include "capi/records.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// A branch on the way to the event was taken because nobody else has what `identity` names.
bool asked(const Audit& audit, const Site& at, const std::string& identity) {
  const model::Function& function = audit.function(at);
  bool found = false;
  audit.values(at.function).each_condition(at.event, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (test.operands.empty() || test.operands[0].kind != Operand::Kind::call) return;
    const bool positive = test.op == Event::Operator::equal ? !outcome : outcome;
    const Event& check = function.events[test.operands[0].event];
    if (!positive || !capi::checks_uniqueness_safely(check.callee) || check.operands.empty()) return;
    found |= audit.values(at.function).identity(check.operands[0], test.operands[0].event) == identity;
  });
  return found;
}

// A new object was put there on every way to the event.
bool replaced(const Audit& audit, const Site& at, const std::string& identity) {
  const model::Function& function = audit.function(at);
  const Flow& flow = audit.program().flow(at.function);
  for (EventId e; e < at.event; ++e) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.place == none || event.operands.empty() ||
        !flow.dominates(flow.block_of[e], flow.block_of[at.event]))
      continue;
    if (audit.values(at.function).identity(function.places[event.place], e) != identity) continue;
    const Origin origin = audit.ownership().of(at.function, e, event.operands[0]);
    if (origin.kind == Origin::Kind::fresh) return true;
  }
  return false;
}

// The callee can have left with this number for the comparison to come out like that.
bool fits(const Event& compare, bool outcome, std::int64_t number) {
  const std::int64_t bound =
      compare.operands.size() > 1 && compare.operands[1].kind == Operand::Kind::number ? compare.operands[1].number : 0;
  switch (compare.op) {
    case Event::Operator::truth: return (number != 0) == outcome;
    case Event::Operator::equal: return (number == bound) == outcome;
    case Event::Operator::unequal: return (number != bound) == outcome;
    // Facts do not tell < from <=.
    case Event::Operator::less: return number == bound || (number < bound) == outcome;
    case Event::Operator::greater: return number == bound || (number > bound) == outcome;
    default: return true;
  }
}

// Whether values come with a reference for whoever gets them, where functions of the project hand them on.
class Counted {
 public:
  explicit Counted(const Audit& audit) : audit_(audit) {}
  bool is_counted(const Site& site, const Operand& object, bool handed_on, unsigned depth = 0);

 private:
  bool gives_counted(const Site& call, bool handed_on);
  bool always_gives_counted(FunctionId id);
  bool is_taken_before(const Site& at, const std::string& identity) const;
  bool is_taken_between(const Site& at, std::uint32_t local, EventId given) const;

  const Audit& audit_;
  std::map<FunctionId, bool> known_;  // true while it is being found out: what comes round again adds nothing
};

// Every way the function ends with a reference for its caller.
bool Counted::always_gives_counted(FunctionId id) {
  const auto [known, is_new] = known_.try_emplace(id, true);
  if (!is_new) return known->second;
  const model::Function& function = audit_.program().function(id);
  bool any = false, all = true;
  for (const EventId e : function.events.ids()) {
    const Event& leave = function.events[e];
    if (leave.kind != Event::Kind::leave || !all) continue;
    any = true;
    all = !leave.operands.empty() && is_counted({id, e}, leave.operands[0], true);
  }
  return known_[id] = any && all;
}

// A reference to what `identity` names was taken on every way to the event.
bool Counted::is_taken_before(const Site& at, const std::string& identity) const {
  const model::Function& function = audit_.function(at);
  const Flow& flow = audit_.program().flow(at.function);
  for (EventId e; e < at.event; ++e) {
    const Event& event = function.events[e];
    if (is_call(event) && capi::counting(event.callee) == capi::Counting::takes && !event.operands.empty() &&
        flow.dominates(flow.block_of[e], flow.block_of[at.event]) &&
        audit_.values(at.function).identity(event.operands[0], e) == identity)
      return true;
  }
  return false;
}

// ... or on every way from where the local was given it.
bool Counted::is_taken_between(const Site& at, std::uint32_t local, EventId given) const {
  const model::Function& function = audit_.function(at);
  const Values& values = audit_.values(at.function);
  for (EventId e = given + 1; e < at.event; ++e) {
    const Event& event = function.events[e];
    if (is_call(event) && capi::counting(event.callee) == capi::Counting::takes && !event.operands.empty() &&
        values.local_of(event.operands[0]) == local && !values.reaches(given, at.event, local, e))
      return true;
  }
  return false;
}

bool Counted::gives_counted(const Site& call, bool handed_on) {
  const Event& event = audit_.event(call);
  if (const FunctionId callee = event.callee_key.text.empty() ? none : audit_.program().find(event.callee_key);
      callee != none)
    return always_gives_counted(callee);
  // What a library's function gave the project's is the project's own.
  return handed_on && (capi::counting(event.callee) == capi::Counting::hands_back || capi::gives_null(event.callee) ||
                       (capi::is_api_name(event.callee) && capi::borrowed_return(event.callee) == nullptr));
}

bool Counted::is_counted(const Site& site, const Operand& object, bool handed_on, unsigned depth) {
  constexpr unsigned deepest = 6;
  if (depth > deepest) return false;
  if (object.kind == Operand::Kind::null) return true;
  if (object.kind == Operand::Kind::call) return gives_counted({site.function, object.event}, handed_on);
  if (object.kind == Operand::Kind::choice || object.kind == Operand::Kind::parts)
    return !object.parts.empty() && std::ranges::all_of(object.parts, [&](const Operand& part) {
      return is_counted(site, part, handed_on, depth + 1);
    });
  const Values& values = audit_.values(site.function);
  const std::uint32_t local = values.local_of(object);
  if (local == none) return false;
  if (handed_on && (audit_.ownership().of(site.function, site.event, object).kind == Origin::Kind::fresh ||
                    is_taken_before(site, values.identity(object, site.event))))
    return true;
  const std::vector<EventId> given = values.definitions(local, site.event);
  return !given.empty() && std::ranges::all_of(given, [&](EventId e) {
    if (e == none) return false;
    const Event& event = audit_.event({site.function, e});
    if (event.kind != Event::Kind::write || event.operands.empty()) return false;
    return is_counted({site.function, e}, event.operands[0], handed_on, depth + 1) ||
           (handed_on && is_taken_between(site, local, e));
  });
}

}  // namespace

bool came_counted(const Audit& audit, const Site& site, const Operand& object) {
  return Counted(audit).is_counted(site, object, false);
}

bool made_unique(const Audit& audit, const Site& site, const Operand& object) {
  const std::string identity = audit.values(site.function).identity(object, site.event);
  if (identity.empty()) return false;
  if (asked(audit, site, identity)) return true;
  const model::Function& function = audit.function(site);
  const Flow& flow = audit.program().flow(site.function);
  for (EventId call; call < site.event; ++call) {
    const Event& event = function.events[call];
    const FunctionId callee =
        is_call(event) && !event.callee_key.text.empty() ? audit.program().find(event.callee_key) : none;
    if (callee == none || callee == site.function || !flow.dominates(flow.block_of[call], flow.block_of[site.event]))
      continue;
    std::vector<std::pair<EventId, bool>> tests;
    audit.values(site.function).each_condition(site.event, [&](EventId compare, bool outcome) {
      const Event& test = function.events[compare];
      if (!test.operands.empty() && test.operands[0].kind == Operand::Kind::call && test.operands[0].event == call)
        tests.emplace_back(compare, outcome);
    });
    const model::Function& body = audit.program().function(callee);
    bool any = false, all = true;
    for (EventId e; e < body.events.next_id() && all; ++e) {
      const Event& leave = body.events[e];
      if (leave.kind != Event::Kind::leave) continue;
      if (!leave.operands.empty() && leave.operands[0].kind == Operand::Kind::number &&
          !std::all_of(tests.begin(), tests.end(), [&](const auto& test) {
            return fits(function.events[test.first], test.second, leave.operands[0].number);
          }))
        continue;
      any = true;
      all = false;
      for (std::uint32_t p = 0; p < body.parameters && !all; ++p)
        for (const model::Place& place : body.places) {
          if (place.root != model::Place::Root::variable || place.variable != p || place.steps.empty()) continue;
          const std::string inside = audit.values(callee).identity(place, e);
          if (audit.held().in_caller(site.function, call, inside) != identity) continue;
          all = asked(audit, {callee, e}, inside) || replaced(audit, {callee, e}, inside);
          if (all) break;
        }
    }
    if (any && all) return true;
  }
  return false;
}

}  // namespace ftaudit::analysis
