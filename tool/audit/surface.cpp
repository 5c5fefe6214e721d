#include "audit/surface.h"

#include "analysis/audit.h"
#include "model/join.h"

namespace ftaudit::audit {
namespace {

std::string name_of(capi::Role role) {
  using Role = capi::Role;
  switch (role) {
    case Role::method: return "method";
    case Role::getter: return "getter";
    case Role::setter: return "setter";
    case Role::slot: return "slot";
    case Role::init_slot: return "init";
    case Role::new_slot: return "new";
    case Role::alloc: return "alloc";
    case Role::dealloc: return "dealloc";
    case Role::traverse: return "traverse";
    case Role::clear: return "clear";
    case Role::finalize: return "finalize";
    case Role::module_init: return "module-init";
    case Role::module_exec: return "module-exec";
    case Role::module_create: return "module-create";
    case Role::module_free: return "module-free";
    case Role::callback: return "callback";
    case Role::detached: return "detached";
  }
  return "other";
}

}  // namespace

std::string Surface::function_at(const Location& where) const {
  const FunctionRange* best = nullptr;
  for (const FunctionRange& one : functions)
    if (one.file == where.file && one.first <= where.line && where.line <= one.last &&
        (best == nullptr || one.last - one.first < best->last - best->first))
      best = &one;
  return best != nullptr ? best->name : "";
}

Surface surface_of(const ParsedProject& parsed) {
  std::vector<model::Facts> units;
  for (const frontend::Parsed& unit : parsed.units)
    if (!unit.failed) units.push_back(unit.facts);
  const model::Facts facts = model::join(std::move(units));
  const analysis::Audit audit(facts, {});
  Surface out;
  for (const analysis::EntryPoint& entry : audit.entries()) {
    if (entry.function == analysis::none) continue;
    out.ways.push_back({.python_name = entry.python_name,
                        .kind = name_of(entry.role),
                        .c_function = audit.program().function(entry.function).name});
  }
  for (const model::Function& function : facts.functions) {
    const Location where = audit.location(function.span);
    if (where.line != 0)
      out.functions.push_back({function.name, where.file, where.line, std::max(where.line, where.end_line)});
  }
  return out;
}

}  // namespace ftaudit::audit
