#include "analysis/module_reach.h"

#include <unordered_set>

namespace ftaudit::analysis {

using model::Operand;

ModuleReach::ModuleReach(const Program& program, const std::vector<Module>& modules) : program_(program) {
  for (const Module& module : modules) {
    Per<FunctionId, bool>& reached = reached_.emplace_back();
    if (std::vector<FunctionId> from = roots(module); !from.empty()) {
      reached.assign(program_.facts.functions.size(), false);
      follow(std::move(from), reached);
    }
  }
}

// The function that makes it, or those that a binding's macro begins.
std::vector<FunctionId> ModuleReach::roots(const Module& module) const {
  if (module.function != none) return {module.function};
  std::vector<FunctionId> out;
  if (module.macro == nullptr) return out;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Span& span = program_.function(id).name_span;
    if (span.file == module.span.file && module.span.line <= span.line && span.line <= module.span.end_line)
      out.push_back(id);
  }
  return out;
}

void ModuleReach::follow(std::vector<FunctionId> pending, Per<FunctionId, bool>& reached) const {
  std::unordered_set<model::GlobalId> tables;
  const auto meet = [&](FunctionId id) {
    if (id == none || reached[id]) return;
    reached[id] = true;
    pending.push_back(id);
  };
  std::vector<model::GlobalId> globals;
  const auto name = [&](model::GlobalId global) {
    if (global != none && tables.insert(global).second) globals.push_back(global);
  };
  const std::vector<FunctionId> first = std::move(pending);
  pending.clear();
  for (const FunctionId id : first) meet(id);
  while (!pending.empty() || !globals.empty()) {
    if (!globals.empty()) {
      const model::GlobalId global = globals.back();
      globals.pop_back();
      meet(program_.find({program_.facts.globals[global].key + " initialiser"}));
      const model::Table* table = program_.table(global);
      if (table == nullptr) continue;
      for (const model::Row& row : table->rows)
        for (const model::Cell& cell : row.cells)
          each_operand(cell.value, [&](const Operand& operand) {
            if (operand.kind == Operand::Kind::function) meet(program_.find(operand.function));
            else if (operand.kind == Operand::Kind::global) name(operand.global);
          });
      continue;
    }
    const FunctionId id = pending.back();
    pending.pop_back();
    for (const Edge& edge : program_.calls_from(id)) meet(edge.to);
    for (const model::Place& place : program_.function(id).places)
      if (place.root == model::Place::Root::global) name(place.global);
  }
}

}  // namespace ftaudit::analysis
