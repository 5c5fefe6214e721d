#include "analysis/contexts.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "analysis/once_calls.h"

namespace ftaudit::analysis {

using capi::Role;

Contexts::Contexts(const Program& program, const std::vector<EntryPoint>& entries)
    : program_(program),
      entries_(entries),
      reached_(program.facts.functions.size(), 0),
      own_(program.facts.functions.size(), none) {
  std::vector<FunctionId> init, python, exclusive, traverse, thread, exported;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const EntryPoint& entry = entries[i];
    if (own_[entry.function] == none) own_[entry.function] = i;
    if (!entry.python_name.empty()) named_.emplace(entry.function, &entry);
    switch (entry.role) {
      case Role::module_init:
      case Role::module_exec:
      case Role::module_create: init.push_back(entry.function); break;
      case Role::traverse: traverse.push_back(entry.function); break;
      case Role::dealloc:
      case Role::clear:
      case Role::finalize:
      case Role::module_free: exclusive.push_back(entry.function); break;
      case Role::detached: thread.push_back(entry.function); break;
      default: (entry.exported ? exported : python).push_back(entry.function); break;
    }
  }
  spread(std::move(init), by_init);
  spread(std::move(python), by_python);
  spread(std::move(exclusive), by_exclusive);
  spread(std::move(traverse), by_traverse);
  spread(std::move(thread), by_thread);
  spread(std::move(exported), by_export);
  has_entries_ =
      std::any_of(entries.begin(), entries.end(), [](const EntryPoint& entry) { return !entry.python_name.empty(); });
}

void Contexts::spread(std::vector<FunctionId> from, std::uint8_t kind) {
  while (!from.empty()) {
    const FunctionId id = from.back();
    from.pop_back();
    if (reached_[id] & kind) continue;
    reached_[id] |= kind;
    for (const Edge& edge : program_.calls_from(id)) {
      // Naming a function in a table write or a registration does not run it there: it is an entry of its own.
      if (carries(edge)) from.push_back(edge.to);
    }
  }
}

// A lambda that is given to a function of the project, kept in a local or captured by another lambda: who calls it then
// calls it by its name.
bool Contexts::only_handed_on(const Edge& mention) const {
  const model::Function& function = program_.function(mention.from);
  if (!program_.function(mention.to).is_lambda) return false;
  const model::Event& event = function.events[mention.event];
  if (event.kind == model::Event::Kind::write)
    return function.places[event.place].root == model::Place::Root::variable &&
           function.places[event.place].steps.empty();
  if (!is_call(event) || program_.find(event.callee_key) != none) return is_call(event);
  return std::none_of(event.operands.begin(), event.operands.end(), [&](const model::Operand& operand) {
    return operand.kind == model::Operand::Kind::function && program_.find(operand.function) == mention.to;
  });
}

bool Contexts::runs_once(FunctionId id, int depth) const {
  if (depth > 6) return false;
  bool called = false;
  for (const Edge& edge : program_.calls_to(id)) {
    if (once_call(program_, edge)) called = true;
    else if (edge.mention ? !only_handed_on(edge) : edge.from == id || !runs_once(edge.from, depth + 1)) return false;
    else called |= !edge.mention;
  }
  return called;
}

std::vector<std::string> Contexts::entry_names(FunctionId id, std::size_t most) const {
  const auto known = names_.find(id);
  if (known != names_.end())
    return {known->second.begin(),
            known->second.begin() + static_cast<std::ptrdiff_t>(std::min(most, known->second.size()))};
  std::set<std::string> names;
  std::set<FunctionId> seen{id};
  std::deque<FunctionId> queue{id};
  while (!queue.empty() && names.size() < most) {
    const FunctionId at = queue.front();
    queue.pop_front();
    const auto [first, last] = named_.equal_range(at);
    for (auto entry = first; entry != last && names.size() < most; ++entry) names.insert(entry->second->python_name);
    for (const Edge& edge : program_.calls_to(at))
      if (carries(edge) && seen.insert(edge.from).second) queue.push_back(edge.from);
  }
  std::vector<std::string> out{names.begin(), names.end()};
  if (names.size() < most) names_.emplace(id, out);
  return out;
}

std::vector<Site> Contexts::entry_path(FunctionId id) const {
  // Where the best entry met so far is, and by which call each function leads on towards `id`.
  std::map<FunctionId, Edge> onward;
  std::deque<FunctionId> queue{id};
  std::set<FunctionId> seen{id};
  FunctionId best = none;
  int best_rank = 0;
  const auto rank = [&](FunctionId at) {
    const EntryPoint* own = entry(at);
    return own == nullptr ? 0 : init_only(at) ? 1 : own->python_name.empty() ? 2 : 3;
  };
  while (!queue.empty() && best_rank < 3) {
    const FunctionId at = queue.front();
    queue.pop_front();
    if (rank(at) > best_rank) best = at, best_rank = rank(at);
    for (const Edge& edge : program_.calls_to(at))
      if (carries(edge) && seen.insert(edge.from).second) onward.emplace(edge.from, edge), queue.push_back(edge.from);
  }
  std::vector<Site> path;
  for (FunctionId at = best; at != none && at != id; at = onward.at(at).to) path.push_back({at, onward.at(at).event});
  return path;
}

const EntryPoint* Contexts::entry(FunctionId id) const { return own_[id] == none ? nullptr : &entries_[own_[id]]; }

}  // namespace ftaudit::analysis
