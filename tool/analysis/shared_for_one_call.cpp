// Shared: container objects in fields that a method uses for the time of one call. Each call on them is safe by itself;
// what a method put in, and counts on until it returns, is not its own when others are in it on the same object.
#include <algorithm>
#include <set>

#include "analysis/shared.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

void Shared::find_containers_of_calls() {
  // By field and way of use: who uses it so.
  std::map<std::pair<std::size_t, State::Container>, std::set<FunctionId>> users;
  for (const FunctionId id : program_.facts.functions.ids())
    if (arrives(id, bit(Arrival::python) | by_next))
      for (const EventId e : program_.function(id).events.ids())
        for (const State::Container how : {State::Container::emptied, State::Container::taken_back})
          if (const State* field = container_of_call(id, e, how); field != nullptr)
            users[{static_cast<std::size_t>(field - states_.states.data()), how}].insert(id);
  for (const auto& [use, functions] : users) {
    State contents = states_.states[use.first];
    contents.container = use.second;
    // Who uses other keys has nothing to do with the marks.
    std::erase_if(contents.accesses, [&](const Access& access) {
      return access.write || (use.second == State::Container::taken_back && !functions.contains(access.site.function));
    });
    for (Access& access : contents.accesses) access.write = functions.contains(access.site.function);
    states_.states.push_back(std::move(contents));
  }
}

// The field whose container the call is the end of using; null when it is not.
const State* Shared::container_of_call(FunctionId id, EventId e, State::Container how) const {
  const Event& event = program_.function(id).events[e];
  if (!is_call(event) || event.operands.empty()) return nullptr;
  const bool ends = how == State::Container::emptied ? capi::empties(event.callee) : takes_back(id, e);
  const State* field = ends ? state_of(id, event.operands[0], e) : nullptr;
  if (field == nullptr || field->kind != State::Kind::field) return nullptr;
  return how == State::Container::taken_back || uses_before(id, e, *field) ? field : nullptr;
}

// What functions called before have put in is emptied: another thread's call loses what it had there.
bool Shared::uses_before(FunctionId id, EventId event, const State& state) const {
  std::vector<FunctionId> queue;
  for (const Edge& edge : program_.calls_from(id))
    if (!edge.mention && edge.event < event && held_.values(id).reaches(edge.event, event, none))
      queue.push_back(edge.to);
  std::set<FunctionId> seen(queue.begin(), queue.end());
  while (!queue.empty()) {
    const FunctionId at = queue.back();
    queue.pop_back();
    if (std::any_of(state.accesses.begin(), state.accesses.end(),
                    [&](const Access& access) { return access.site.function == at; }))
      return true;
    for (const Edge& edge : program_.calls_from(at))
      if (!edge.mention && seen.insert(edge.to).second) queue.push_back(edge.to);
  }
  return false;
}

// A key put in before, tested for by everybody, is taken out again: a mark for the time of the call, which another
// thread's call takes for its own. A key that is made of the thread is no other thread's.
bool Shared::takes_back(FunctionId id, EventId e) const {
  const model::Function& function = program_.function(id);
  const Event& event = function.events[e];
  if (!capi::removes_key(event.callee) || event.operands.size() < 2) return false;
  const Values& values = held_.values(id);
  const std::string container = values.identity(event.operands[0], e), key = values.identity(event.operands[1], e);
  const std::uint32_t local = values.local_of(event.operands[1]);
  if (container.empty() || values.is_of_this_thread(event.operands[1], e)) return false;
  // A local that is NULL where there is no mark has no one value, but the one that was put in is still in it.
  const auto same_key = [&](const model::Operand& other, EventId before) {
    return (!key.empty() && values.identity(other, before) == key) ||
           (local != none && values.local_of(other) == local && values.reaches(before, e, local));
  };
  bool tested = false, put = false;
  for (EventId before; before < e; ++before) {
    const Event& other = function.events[before];
    if (!is_call(other) || other.operands.size() < 2 || !values.reaches(before, e, none) ||
        values.identity(other.operands[0], before) != container || !same_key(other.operands[1], before))
      continue;
    tested |= capi::looks_for_key(other.callee);
    put |= capi::puts_key(other.callee);
  }
  return tested && put;
}

}  // namespace ftaudit::analysis
