// Conflicts, the part that knows what does little harm. A setting is a number that one function puts there for others
// to go by: whoever reads it meanwhile gets the old value or the new one, and either is a value. An object that was
// looked up is the same whoever looks it up.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"
#include "analysis/numbered_steps.h"
#include "capi/python_runs.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// What `from` calls, and what that calls, itself included.
std::set<FunctionId> called_from(const Program& program, FunctionId from) {
  std::set<FunctionId> seen{from};
  std::vector<FunctionId> queue{from};
  while (!queue.empty()) {
    const FunctionId at = queue.back();
    queue.pop_back();
    for (const Edge& edge : program.calls_from(at))
      if (!edge.mention && seen.insert(edge.to).second) queue.push_back(edge.to);
  }
  return seen;
}

}  // namespace

// A comparison in a function that reads it says how far something else reaches.
bool Conflicts::bounds_something(const State& state) const {
  std::set<FunctionId> readers;
  for (const Access& access : state.accesses)
    if (!access.write) readers.insert(access.site.function);
  return std::any_of(readers.begin(), readers.end(), [&](FunctionId id) {
    const auto& events = program_.function(id).events;
    for (const EventId e : events.ids())
      if (events[e].op == Event::Operator::less || events[e].op == Event::Operator::greater)
        for (const Operand& operand : events[e].operands)
          if (shared_.state_of(id, operand, e) == &state) return true;
    return false;
  });
}

// Whoever reads it compares it, or makes a number of Python's of it.
static bool only_looked_at(const Program& program, const Held& held, const State& state) {
  const auto looks = [&](const model::Function& function, const Use& use) {
    if (use.kind != Use::Kind::passed || use.argument != 0) return use.kind == Use::Kind::tested;
    const Event& call = function.events[use.event];
    const FunctionId callee = call.callee_key.text.empty() ? none : program.find(call.callee_key);
    if (callee == none) return capi::makes_plain_value(call.callee);
    // A generator's own conversion.
    return program.function(callee).is_support && program.function(callee).result.to_object;
  };
  return std::ranges::all_of(state.accesses, [&](const Access& access) {
    const model::Function& function = program.function(access.site.function);
    if (access.write) {
      const Event& event = function.events[access.site.event];
      return event.kind == Event::Kind::write && !event.is_update();
    }
    if (function.events[access.site.event].kind != Event::Kind::read) return false;
    const std::vector<Use> uses = held.values(access.site.function).uses_of_read(access.site.event);
    return !uses.empty() && std::ranges::all_of(uses, [&](const Use& use) { return looks(function, use); });
  });
}

// Who sets it stores something of the object beside it that is no number, to which it may belong.
static bool belongs_to_more(const Shared& shared, const State& state) {
  std::set<FunctionId> writers;
  for (const Access& access : state.accesses)
    if (access.write && !shared.only_initialises(access)) writers.insert(access.site.function);
  return std::ranges::any_of(shared.states(), [&](const State& other) {
    return &other != &state && other.record == state.record && other.global == state.global &&
           other.type.kind != model::Type::Kind::scalar &&
           std::ranges::any_of(other.accesses, [&](const Access& access) {
             return access.write && writers.contains(access.site.function);
           });
  });
}

// Somebody stores a number, or has it stored, and goes by what is there afterwards: another thread's is a wrong answer.
static bool is_carried(const Program& program, const State& state) {
  Per<FunctionId, bool> writers(program.facts.functions.size(), false), readers = writers;
  std::map<FunctionId, std::vector<const Access*>> own;
  for (const Access& access : state.accesses) {
    (access.write ? writers : readers)[access.site.function] = true;
    own[access.site.function].push_back(&access);
  }
  const Per<FunctionId, bool> write = program.with_callers(writers), read = program.with_callers(readers);
  for (const FunctionId id : program.facts.functions.ids()) {
    if (!write[id] || !read[id]) continue;
    std::set<EventId> stores, looks;
    for (const Access* access : own[id]) (access->write ? stores : looks).insert(access->site.event);
    for (const Edge& edge : program.calls_from(id)) {
      if (edge.mention) continue;
      if (write[edge.to]) stores.insert(edge.event);
      if (read[edge.to]) looks.insert(edge.event);
    }
    if (!stores.empty() && !looks.empty() && *stores.begin() < *looks.rbegin()) return true;
  }
  return false;
}

bool Conflicts::is_flag(const State& state) const {
  const model::Type& type = state.type;
  const bool flags = type.kind == model::Type::Kind::array && type.record.empty() && type.indirections == 0 &&
                     !type.to_function;  // each by itself
  if ((type.kind != model::Type::Kind::scalar && !flags) || state.contents || state.is_container()) return false;
  const bool constants = std::all_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) {
    if (!access.write) return true;
    const Event& event = program_.function(access.site.function).events[access.site.event];
    if (is_call(event) && capi::sets_bytes(event.callee))
      return event.operands.size() > 1 && event.operands[1].kind == Operand::Kind::number;
    return event.kind == Event::Kind::write && event.op != Event::Operator::update && !event.operands.empty() &&
           event.operands[0].kind == Operand::Kind::number;
  });
  return (constants || (!flags && only_looked_at(program_, held_, state) && !belongs_to_more(shared_, state) &&
                        !is_carried(program_, state))) &&
         !bounds_something(state);
}

// The function compares another field of the object, which others change.
bool Conflicts::decided_by_state(const State& state, FunctionId writer) const {
  if (state.kind != State::Kind::field) return false;
  const auto& events = program_.function(writer).events;
  for (const EventId e : events.ids()) {
    if (events[e].kind != Event::Kind::compare) continue;
    for (const Operand& operand : events[e].operands) {
      const State* other = shared_.state_of(writer, operand, e);
      if (other == nullptr || other == &state || other->record != state.record || other->contents) continue;
      if (std::any_of(other->accesses.begin(), other->accesses.end(),
                      [&](const Access& access) { return access.write && access.site.function != writer; }))
        return true;
    }
  }
  return false;
}

bool Conflicts::is_setting(const State& state) const {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.is_container() ||
      state.kind == State::Kind::static_local)
    return false;
  // Members of one global struct were put together because they belong together.
  if (state.kind == State::Kind::global && !state.field.empty()) return false;
  std::set<FunctionId> writers, readers;
  const bool set_later = std::ranges::any_of(
      state.accesses, [&](const Access& access) { return access.write && !shared_.only_initialises(access); });
  for (const Access& access : state.accesses) {
    if (access.write && set_later && shared_.only_initialises(access)) continue;
    (access.write ? writers : readers).insert(access.site.function);
    if (access.write && program_.function(access.site.function).events[access.site.event].is_update()) return false;
  }
  if (writers.size() != 1) return false;
  // What is put there on the strength of something else that changes belongs to that: closed when nobody uses it.
  if (decided_by_state(state, *writers.begin())) return false;
  // Who works with the value it has just put there may find another's.
  const FunctionId writer = *writers.begin();
  const std::set<FunctionId> called = called_from(program_, writer);
  if (std::any_of(readers.begin(), readers.end(), [&](FunctionId id) { return called.contains(id); })) return false;
  // A count that is stored together with what it counts belongs to it.
  const bool stores_more = std::any_of(shared_.states().begin(), shared_.states().end(), [&](const State& other) {
    if (&other == &state || other.type.kind == model::Type::Kind::scalar || other.record != state.record) return false;
    return std::any_of(other.accesses.begin(), other.accesses.end(),
                       [&](const Access& access) { return access.write && access.site.function == writer; });
  });
  return !stores_more || (state.kind == State::Kind::global && !bounds_something(state));
}

// The attribute of another object, or a module: there before anybody asked.
bool Conflicts::looks_up(const Access& store) const {
  const model::Function& function = program_.function(store.site.function);
  const auto is_lookup = [&](const Operand& operand) {
    return operand.kind == Operand::Kind::call && capi::looks_up(function.events[operand.event].callee);
  };
  const Event& write = function.events[store.site.event];
  if (write.kind != Event::Kind::write || write.operands.empty()) return false;
  if (is_lookup(write.operands[0])) return true;
  const Values& values = held_.values(store.site.function);
  const std::uint32_t local = values.local_of(write.operands[0]);
  if (local == none) return false;
  const auto given = values.definitions(local, store.site.event);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId e) {
    return e != none && function.events[e].kind == Event::Kind::write && !function.events[e].operands.empty() &&
           is_lookup(function.events[e].operands[0]);
  });
}

// All that is stored is what one place of the module's holds that nobody changes any more, and nobody gives up what is
// in here: whoever stores it again changes nothing.
bool Conflicts::holds_what_stays(const State& state) const {
  std::string held;
  for (const Access& access : state.accesses) {
    const FunctionId id = access.site.function;
    const model::Function& function = program_.function(id);
    const Event& event = function.events[access.site.event];
    if (releases_old(state, id)) return false;
    if (!access.write || unset_test(state, access) != nullptr) continue;
    if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty() ||
        event.operands[0].kind != Operand::Kind::place)
      return false;
    const model::Place& place = function.places[event.operands[0].place];
    const bool one = std::ranges::all_of(place.steps, [](const model::Step& step) {
      return step.kind != model::Step::Kind::index || is_numbered(step);
    });
    const State* from = shared_.state_of(id, event.operands[0], access.site.event);
    const std::string name = held_.values(id).identity(event.operands[0], access.site.event);
    if (place.root != model::Place::Root::global || !one || name.empty() || (!held.empty() && held != name) ||
        (from != nullptr && std::ranges::any_of(from->accesses, &Access::write)))
      return false;
    held = name;
  }
  return !held.empty();
}

bool Conflicts::always_the_same(const State& state) const {
  std::optional<std::int64_t> only;
  for (const Access& access : state.accesses) {
    if (!access.write) continue;
    const Event& event = program_.function(access.site.function).events[access.site.event];
    if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty() ||
        event.operands[0].kind != Operand::Kind::number)
      return false;
    if (only && *only != event.operands[0].number) return false;
    only = event.operands[0].number;
  }
  return true;
}

}  // namespace ftaudit::analysis
