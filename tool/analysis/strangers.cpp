#include "analysis/strangers.h"

#include <algorithm>
#include <set>
#include <vector>

namespace ftaudit::analysis {
namespace {

// Nobody calls it but what a library exports, which nobody calls here.
bool only_strangers_call(const Audit& audit, FunctionId function) {
  std::set<FunctionId> seen{function};
  std::vector<FunctionId> queue{function};
  while (!queue.empty()) {
    const FunctionId id = queue.back();
    queue.pop_back();
    if (const EntryPoint* entry = audit.contexts().entry(id); entry != nullptr && !entry->exported) return false;
    for (const Edge& edge : audit.program().calls_to(id))
      if (seen.insert(edge.from).second) queue.push_back(edge.from);
  }
  return true;
}

bool is_in_table(const Audit& audit, FunctionId function) {
  bool found = false;
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        each_operand(cell.value, [&](const model::Operand& operand) {
          found |= operand.kind == model::Operand::Kind::function && audit.program().find(operand.function) == function;
        });
  return found;
}

// On the way there is a hook that strangers alone set.
bool is_behind_a_strangers_hook(const Audit& audit, ViewId id) {
  const Views& views = audit.shared().views();
  for (; views.view(id).from != none; id = views.view(id).from) {
    const View& view = views.view(id);
    const model::Event& call = audit.program().function(views.view(view.from).function).events[view.call];
    if (!is_call(call) || !call.callee.empty() || call.is_virtual) continue;
    bool set = false, seen = false;
    for (const Edge& edge : audit.program().calls_to(view.function)) {
      if (!edge.mention || edge.indirect) continue;
      set = true;
      seen |= !only_strangers_call(audit, edge.from);
    }
    if (set && !seen && !is_in_table(audit, view.function)) return true;
  }
  return false;
}

}  // namespace

bool is_a_strangers(const Audit& audit, const Access& access) {
  const Arrival arrival = audit.shared().arrival(access);
  if (arrival != Arrival::callback && arrival != Arrival::exported)
    return audit.contexts().only_exported(access.site.function);
  return std::any_of(audit.entries().begin(), audit.entries().end(),
                     [](const EntryPoint& entry) { return !entry.python_name.empty(); });
}

bool meet_without_hooks(const Audit& audit, const Conflict& conflict) {
  const auto by_ours = [&](const Access& access) {
    return !is_behind_a_strangers_hook(audit, access.view) ||
           std::ranges::any_of(access.others, [&](ViewId other) { return !is_behind_a_strangers_hook(audit, other); });
  };
  if (by_ours(*conflict.race.write) && by_ours(*conflict.race.other)) return true;
  const auto in_state = [&](const State* state) {
    std::vector<const Access*> ours;
    for (const Access& access : state->accesses)
      if (by_ours(access)) ours.push_back(&access);
    return std::ranges::any_of(ours, [&](const Access* one) {
      return std::ranges::any_of(ours, [&](const Access* other) { return audit.shared().conflict(*one, *other); });
    });
  };
  return in_state(conflict.state) || std::ranges::any_of(conflict.also, in_state);
}

}  // namespace ftaudit::analysis
