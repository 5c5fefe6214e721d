#include "audit/surface.h"

#include "analysis/audit.h"

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

Described describe(ParsedProject parsed, const Selection& selection, const std::string& python, const Adding& also) {
  JoinedProject joined = join_project(std::move(parsed));
  const analysis::Audit audit(joined.facts, build_of(joined.parsed, selection));
  Described out{.document = judge_project(joined, audit, selection, python)};
  if (also) also(joined, audit, out.document);
  for (const analysis::EntryPoint& entry : audit.entries()) {
    if (entry.function == analysis::none) continue;
    out.surface.ways.push_back({.python_name = joined.retold.words(entry.python_name),
                                .kind = name_of(entry.role),
                                .c_function = audit.program().function(entry.function).name});
  }
  for (const model::Function& function : joined.facts.functions) {
    const Location where = audit.location(function.span);
    if (where.line != 0 && !function.is_support)
      out.surface.functions.push_back({function.name, where.file, where.line, std::max(where.line, where.end_line)});
  }
  out.project = std::move(joined.parsed.project);
  return out;
}

}  // namespace ftaudit::audit
