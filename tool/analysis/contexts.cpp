#include "analysis/contexts.h"

#include <algorithm>
#include <deque>
#include <set>

namespace ftaudit::analysis {

using capi::Role;

Contexts::Contexts(const Program& program, const std::vector<EntryPoint>& entries)
    : program_(program), entries_(entries), reached_(program.facts.functions.size(), 0), own_(program.facts.functions.size(), none) {
  std::vector<FunctionId> init, python, exclusive, thread, exported;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const EntryPoint& entry = entries[i];
    if (own_[entry.function] == none) own_[entry.function] = i;
    switch (entry.role) {
      case Role::module_init: case Role::module_exec: case Role::module_create: init.push_back(entry.function); break;
      case Role::dealloc: case Role::traverse: case Role::clear: case Role::finalize: case Role::module_free: exclusive.push_back(entry.function); break;
      case Role::detached: thread.push_back(entry.function); break;
      default: (entry.slot == "exported" ? exported : python).push_back(entry.function); break;
    }
  }
  spread(std::move(init), by_init);
  spread(std::move(python), by_python);
  spread(std::move(exclusive), by_exclusive);
  spread(std::move(thread), by_thread);
  spread(std::move(exported), by_export);
  has_entries_ = std::any_of(entries.begin(), entries.end(), [](const EntryPoint& entry) { return !entry.python_name.empty(); });
}

void Contexts::spread(std::vector<FunctionId> from, std::uint8_t kind) {
  while (!from.empty()) {
    const FunctionId id = from.back();
    from.pop_back();
    if (reached_[id] & kind) continue;
    reached_[id] |= kind;
    for (const Edge& edge : program_.calls_from(id)) {
      // Naming a function in a table write or a registration does not run it there: it is an entry of its own.
      if (edge.mention && own_[edge.to] != none) continue;
      from.push_back(edge.to);
    }
  }
}

std::vector<std::string> Contexts::entry_names(FunctionId id, std::size_t most) const {
  std::set<std::string> names;
  std::set<FunctionId> seen{id};
  std::deque<FunctionId> queue{id};
  while (!queue.empty() && names.size() < most) {
    const FunctionId at = queue.front();
    queue.pop_front();
    for (const EntryPoint& entry : entries_)
      if (entry.function == at && !entry.python_name.empty() && names.size() < most) names.insert(entry.python_name);
    for (const Edge& edge : program_.calls_to(at))
      if (seen.insert(edge.from).second) queue.push_back(edge.from);
  }
  return {names.begin(), names.end()};
}

const EntryPoint* Contexts::entry(FunctionId id) const { return own_[id] == none ? nullptr : &entries_[own_[id]]; }

}  // namespace ftaudit::analysis
