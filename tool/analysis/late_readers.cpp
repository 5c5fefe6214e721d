// Conflicts, the part that knows whom an old value does no harm. A number or a pointer to a constant that is set by
// itself and read by itself is old at worst; a count that nobody reads may be wrong.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"
#include "analysis/place_of_state.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int most_calls = 3;  // looked through, one behind the other

// What a pointer is given: nothing that is ever made or freed, and perhaps NULL.
struct Given {
  bool constant = false, null = false;
};

Given both(Given a, Given b) { return {a.constant && b.constant, a.null || b.null}; }

class ConstantAddresses {
 public:
  ConstantAddresses(const Program& program, const Held& held) : program_(program), held_(held) {}

  Given given(FunctionId id, const Operand& operand, EventId at, int depth = 0) const {
    const model::Function& function = program_.function(id);
    switch (operand.kind) {
      case Operand::Kind::text:
      case Operand::Kind::function:
      case Operand::Kind::global: return {true, false};
      case Operand::Kind::null: return {true, true};
      case Operand::Kind::number: return {true, operand.number == 0};
      case Operand::Kind::parts:
      case Operand::Kind::choice: {
        Given all{!operand.parts.empty(), false};
        for (const Operand& part : operand.parts) all = both(all, given(id, part, at, depth));
        return all;
      }
      case Operand::Kind::address: return {lies_in_global(function.places[operand.place]), false};
      case Operand::Kind::call: return depth < most_calls ? result(function.events[operand.event], depth) : Given{};
      case Operand::Kind::place: break;
      default: return {};
    }
    const Place& place = function.places[operand.place];
    if (lies_in_global(place)) return {is_table(place), true};
    const std::uint32_t local = held_.values(id).local_of(operand);
    if (local == none || depth >= most_calls) return {};
    Given all{true, false};
    for (const EventId e : held_.values(id).definitions(local, at)) {
      if (e == none || function.events[e].kind != Event::Kind::write || function.events[e].operands.empty()) return {};
      all = both(all, given(id, function.events[e].operands[0], e, depth + 1));
    }
    return all;
  }

 private:
  bool lies_in_global(const Place& place) const {
    return place.root == Place::Root::global && !program_.facts.globals[place.global].is_thread_local &&
           std::ranges::none_of(place.steps, [](const Step& step) { return step.kind == Step::Kind::deref; });
  }

  // An array, or an element of one, that has what it was declared with: constants, as C wants it.
  bool is_table(const Place& place) const {
    const model::Global& global = program_.facts.globals[place.global];
    if (global.type.kind != model::Type::Kind::array || !global.is_defined || global.runtime_initialised) return false;
    for (const model::Function& function : program_.facts.functions)
      for (const Event& event : function.events)
        if (event.kind == Event::Kind::write && event.place != none &&
            function.places[event.place].root == Place::Root::global &&
            function.places[event.place].global == place.global && event.op != Event::Operator::initialise)
          return false;
    return true;
  }

  Given result(const Event& call, int depth) const {
    const FunctionId callee = call.callee_key.text.empty() ? FunctionId(none) : program_.find(call.callee_key);
    if (callee == none || call.is_virtual) return {};
    Given all{true, false};
    bool leaves = false;
    const model::Function& function = program_.function(callee);
    for (const EventId e : function.events.ids())
      if (function.events[e].kind == Event::Kind::leave && !function.events[e].operands.empty()) {
        all = both(all, given(callee, function.events[e].operands[0], e, depth + 1));
        leaves = true;
      }
    return leaves ? all : Given{};
  }

  const Program& program_;
  const Held& held_;
};

// On every way to the event this very pointer was looked at, and on some it was not NULL.
bool is_tested(const Program& program, const Held& held, FunctionId id, EventId at, std::uint32_t local) {
  const model::Function& function = program.function(id);
  const Values& values = held.values(id);
  const Flow& flow = program.flow(id);
  const auto asks = [&](const Event& test) {
    return test.kind == Event::Kind::compare && !test.operands.empty() && values.local_of(test.operands[0]) == local &&
           (test.operands.size() < 2 || constant(test.operands[1]) == 0) && test.op != Event::Operator::less &&
           test.op != Event::Operator::greater;
  };
  bool null = false;
  values.each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (asks(test)) null |= outcome == (test.op == Event::Operator::equal);
  });
  if (null) return false;
  for (EventId e; e < at; ++e)
    if (asks(function.events[e]) && flow.dominates(flow.block_of[e], flow.block_of[at])) return true;
  return false;
}

// Whoever uses the pointer there bears NULL, or has looked at this very one.
bool bears_null(const Program& program, const Held& held, FunctionId id, const Use& use, int depth) {
  if (use.kind == Use::Kind::tested || use.kind == Use::Kind::stored) return true;
  const model::Function& function = program.function(id);
  const Event& event = function.events[use.event];
  if (use.kind == Use::Kind::followed && event.place != none) {
    const Place& place = function.places[event.place];
    return place.root == Place::Root::variable && is_tested(program, held, id, use.event, place.variable);
  }
  if (use.kind != Use::Kind::passed || use.argument < 0) return false;
  const auto argument = static_cast<std::uint32_t>(use.argument);
  const std::uint32_t local = held.values(id).local_of(event.operands[argument]);
  if (local != none && is_tested(program, held, id, use.event, local)) return true;
  const FunctionId callee = event.callee_key.text.empty() ? FunctionId(none) : program.find(event.callee_key);
  return callee != none && depth > 0 && argument < program.function(callee).parameters &&
         std::ranges::all_of(
             held.values(callee).uses_of_parameter(argument),
             [&](const Use& there) { return bears_null(program, held, callee, there, depth - 1); });
}

// `n++` whose value is used, and not only stored back.
bool is_looked_at(const Values& values, const model::Function& function, EventId read) {
  constexpr std::uint32_t look_ahead = 24;  // as uses_of_read
  const Event& load = function.events[read];
  const EventId next = read + 1;
  const auto same = [&](EventId e) { return function.events.has(e) && function.events[e].place == load.place; };
  if (!same(next) || function.events[next].kind != Event::Kind::write || !function.events[next].is_update()) {
    const std::vector<Use> uses = values.uses_of_read(read);
    return uses.empty() ||
           !std::ranges::all_of(uses, [&](const Use& use) { return use.kind == Use::Kind::stored && same(use.event); });
  }
  for (EventId e = next + 1; function.events.has(e) && e <= read + look_ahead && !same(e); ++e) {
    bool named = false;
    each_operand(function.events[e],
                 [&](const Operand& part) { named |= part.kind == Operand::Kind::place && part.place == load.place; });
    if (named) return true;
  }
  return false;
}

}  // namespace

bool Conflicts::is_late_at_worst(const State& state) const {
  if (state.contents || state.is_container() || state.type.to_object) return false;
  const bool scalar = state.type.kind == model::Type::Kind::scalar;
  if ((scalar || state.type.kind == model::Type::Kind::pointer) && (is_never_read(state) || is_for_tracebacks(state)))
    return true;
  if (scalar) {
    // What takes two stores tears.
    if (state.type.spelling.find("long double") != std::string::npos ||
        state.type.spelling.find("omplex") != std::string::npos ||
        state.type.spelling.find("int128") != std::string::npos)
      return false;
    return is_set_alone(state) && !bounds_something(state) && is_read_alone(state, [](const Access&) { return true; });
  }
  return state.type.kind == model::Type::Kind::pointer && holds_constants(state) && is_set_alone(state);
}

// A generator's own code sets it to constants and reads it for nothing but a call of more such code, which gives
// nothing back: where in the source an error was, for the traceback.
bool Conflicts::is_for_tracebacks(const State& state) const {
  return std::ranges::all_of(state.accesses, [&](const Access& access) {
    const FunctionId id = access.site.function;
    const model::Function& function = program_.function(id);
    const Event& event = function.events[access.site.event];
    if (access.write)
      return event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty() &&
             (event.operands[0].kind == Operand::Kind::text || constant(event.operands[0]).has_value() ||
              ConstantAddresses(program_, held_).given(id, event.operands[0], access.site.event).constant);
    if (event.kind != Event::Kind::read || !is_place_of(state, function, event.place)) return false;
    const std::vector<Use> uses = held_.values(id).uses_of_read(access.site.event);
    return !uses.empty() && std::ranges::all_of(uses, [&](const Use& use) {
      const Event& call = function.events[use.event];
      const FunctionId callee = use.kind != Use::Kind::passed || call.callee_key.text.empty()
                                    ? FunctionId(none)
                                    : program_.find(call.callee_key);
      return callee != none && program_.function(callee).is_support &&
             program_.function(callee).result.spelling == "void";
    });
  });
}

bool Conflicts::is_never_read(const State& state) const {
  const bool known = std::ranges::all_of(state.accesses, [&](const Access& access) {
    const model::Function& function = program_.function(access.site.function);
    return is_place_of(state, function, function.events[access.site.event].place);
  });
  if (!known) return false;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    // Pickling, say, goes through all fields, and asks nothing of them.
    if (function.is_support || function.is_implicit) continue;
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind == Event::Kind::read && is_place_of(state, function, event.place) &&
          is_looked_at(held_.values(id), function, e))
        return false;
      bool lent = false;
      each_operand(event, [&](const Operand& operand) {
        lent |= operand.kind == Operand::Kind::address && is_place_of(state, function, operand.place);
      });
      if (lent) return false;
    }
  }
  return true;
}

namespace {

// The events of a function that do something themselves, or call who does.
std::vector<EventId> leading(const Program& program, FunctionId id, const std::map<FunctionId, std::set<EventId>>& own,
                             const Per<FunctionId, bool>& there) {
  std::set<EventId> out;
  if (const auto known = own.find(id); known != own.end()) out = known->second;
  for (const Edge& edge : program.calls_from(id))
    if (!edge.mention && there[edge.to]) out.insert(edge.event);
  return {out.begin(), out.end()};
}

}  // namespace

// Who sets it puts there what it was given, and changes nothing else that others use. Nobody both sets and reads it.
bool Conflicts::is_set_alone(const State& state) const {
  std::map<FunctionId, std::set<EventId>> stores, looks;
  Per<FunctionId, bool> storing(program_.facts.functions.size(), false), looking = storing, writing = storing;
  for (const Access& access : state.accesses) {
    if (shared_.only_initialises(access)) continue;
    const Event& event = program_.function(access.site.function).events[access.site.event];
    if (access.write && (event.kind != Event::Kind::write || event.is_update() || event.operands.empty())) return false;
    (access.write ? stores : looks)[access.site.function].insert(access.site.event);
    (access.write ? storing : looking)[access.site.function] = true;
  }
  for (const State& other : shared_.states())
    for (const Access& access : other.accesses) {
      if (!access.write || shared_.only_initialises(access)) continue;
      writing[access.site.function] = true;
      const auto own = stores.find(access.site.function);
      if (&other == &state || own == stores.end()) continue;
      const Values& values = held_.values(own->first);
      for (const EventId store : own->second)
        if (values.reaches(store, access.site.event, none) || values.reaches(access.site.event, store, none))
          return false;
    }
  const Per<FunctionId, bool> changes = program_.with_callers(writing);
  for (const auto& [id, events] : stores) {
    if (decided_by_state(state, id)) return false;
    for (const Edge& edge : program_.calls_from(id))
      if (!edge.mention && changes[edge.to]) return false;
  }
  const Per<FunctionId, bool> store = program_.with_callers(storing), look = program_.with_callers(looking);
  for (const FunctionId id : program_.facts.functions.ids()) {
    if (!store[id] || !look[id]) continue;
    const Values& values = held_.values(id);
    for (const EventId one : leading(program_, id, stores, store))
      for (const EventId other : leading(program_, id, looks, look))
        if (one != other && (values.reaches(one, other, none) || values.reaches(other, one, none))) return false;
  }
  return !stores.empty();
}

// The events are about two objects, by the variables that they go through.
static bool of_two_objects(const model::Function& function, EventId one, EventId other) {
  const auto variable_of = [&](EventId e) {
    const Event& event = function.events[e];
    const std::uint32_t place = event.place != none || event.operands.empty() ? event.place : event.operands[0].place;
    return place != none && function.places[place].root == Place::Root::variable ? function.places[place].variable
                                                                                 : std::uint32_t{none};
  };
  const std::uint32_t a = variable_of(one), b = variable_of(other);
  return a != none && b != none && a != b;
}

// Nobody whom a value harms has read another one of the object before: the two may differ.
bool Conflicts::is_read_alone(const State& state, const Wanted& harmed) const {
  std::map<FunctionId, std::set<EventId>> looks, hurts;
  Per<FunctionId, bool> looking(program_.facts.functions.size(), false), hurting = looking;
  for (const Access& access : state.accesses) {
    if (access.write) continue;
    looks[access.site.function].insert(access.site.event), looking[access.site.function] = true;
    if (harmed(access)) hurts[access.site.function].insert(access.site.event), hurting[access.site.function] = true;
  }
  const Per<FunctionId, bool> look = program_.with_callers(looking), hurt = program_.with_callers(hurting);
  for (const FunctionId id : program_.facts.functions.ids()) {
    if (!hurt[id]) continue;
    const std::vector<EventId> second = leading(program_, id, hurts, hurt);
    for (const EventId one : leading(program_, id, looks, look))
      for (const EventId other : second)
        if (!of_two_objects(program_.function(id), one, other) && held_.values(id).reaches(one, other, none))
          return false;
  }
  return true;
}

// All that is ever put there is the address of something that stays: a reader has an old one at worst. Where NULL comes
// back, nobody goes on with a second one after a look at the first.
bool Conflicts::holds_constants(const State& state) const {
  if (state.field.find('.') != std::string::npos || (state.kind != State::Kind::field && !state.field.empty()))
    return false;
  if (state.kind != State::Kind::field && program_.facts.globals[state.global].runtime_initialised) return false;
  const ConstantAddresses addresses(program_, held_);
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind == Event::Kind::write && is_place_of(state, function, event.place) &&
          (event.is_update() || event.operands.empty() || !addresses.given(id, event.operands[0], e).constant))
        return false;
      bool lent = false;
      each_operand(event, [&](const Operand& operand) {
        lent |= operand.kind == Operand::Kind::address && is_place_of(state, function, operand.place);
      });
      if (lent) return false;
    }
  }
  bool emptied = false;
  for (const Access& access : state.accesses) {
    if (!access.write) continue;
    const model::Function& function = program_.function(access.site.function);
    const Event& event = function.events[access.site.event];
    if (event.kind != Event::Kind::write || !is_place_of(state, function, event.place)) return false;
    emptied |= addresses.given(access.site.function, event.operands[0], access.site.event).null;
  }
  return !emptied || is_read_alone(state, [&](const Access& access) {
    return !stands_null(access.site.function, access.site.event);
  });
}

bool Conflicts::stands_null(FunctionId id, EventId read) const {
  if (program_.function(id).events[read].kind != Event::Kind::read) return false;
  const std::vector<Use> uses = held_.values(id).uses_of_read(read);
  return !uses.empty() &&
         std::ranges::all_of(uses, [&](const Use& use) { return bears_null(program_, held_, id, use, most_calls); });
}

}  // namespace ftaudit::analysis
