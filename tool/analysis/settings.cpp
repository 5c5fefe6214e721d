// Conflicts, the part that tells settings from state that threads work with: a number that one function puts there for
// others to go by. Whoever reads it meanwhile gets the old value or the new one, and either is a value.
#include <algorithm>
#include <set>

#include "analysis/conflicts.h"

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
    const std::vector<Event>& events = program_.function(id).events;
    for (EventId e = 0; e < events.size(); ++e)
      if (events[e].op == Event::Operator::less || events[e].op == Event::Operator::greater)
        for (const Operand& operand : events[e].operands)
          if (shared_.state_of(id, operand, e) == &state) return true;
    return false;
  });
}

bool Conflicts::is_setting(const State& state) const {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.container || state.kind == State::Kind::static_local) return false;
  // Members of one global struct were put together because they belong together.
  if (state.kind == State::Kind::global && !state.field.empty()) return false;
  std::set<FunctionId> writers, readers;
  for (const Access& access : state.accesses) {
    (access.write ? writers : readers).insert(access.site.function);
    if (access.write && program_.function(access.site.function).events[access.site.event].op == Event::Operator::update) return false;
  }
  if (writers.size() != 1) return false;
  // Who works with the value it has just put there may find another's.
  const FunctionId writer = *writers.begin();
  const std::set<FunctionId> called = called_from(program_, writer);
  if (std::any_of(readers.begin(), readers.end(), [&](FunctionId id) { return called.contains(id); })) return false;
  // A count that is stored together with what it counts belongs to it.
  const bool stores_more = std::any_of(shared_.states().begin(), shared_.states().end(), [&](const State& other) {
    if (&other == &state || other.type.kind == model::Type::Kind::scalar || other.record != state.record) return false;
    return std::any_of(other.accesses.begin(), other.accesses.end(), [&](const Access& access) { return access.write && access.site.function == writer; });
  });
  return !stores_more || (state.kind == State::Kind::global && !bounds_something(state));
}

}  // namespace ftaudit::analysis
