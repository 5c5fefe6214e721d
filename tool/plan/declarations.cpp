// The declaration that a module runs without the GIL: the last step, and only where nothing stands against it.
#include <algorithm>

#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Module;

namespace {

bool same_span(const model::Span& a, const model::Span& b) {
  return a.file == b.file && a.line == b.line && a.column == b.column;
}

// Where the declaration goes, in terms of the facts; false for what has no such place.
bool declare(const Audit& audit, const Module& module, Edit& edit, std::string& write) {
  const model::Facts& facts = audit.facts();
  if (module.macro != nullptr) {
    const capi::Binding& binding = *capi::binding_macro(module.macro->name);
    edit.macro = static_cast<std::uint32_t>(module.macro - facts.macros.data());
    edit.callee = binding.declares;
    write = binding.instead;
    return !binding.declares.empty();
  }
  if (module.system != "C API") return false;
  if (module.style == Module::Style::multi_phase && module.gil == analysis::Declares::used) {
    for (const model::Table& table : facts.tables)
      for (const model::Row& row : table.rows)
        for (const model::Cell& cell : row.cells)
          if (same_span(cell.span, module.slots)) edit.global = table.variable;
    write = "Py_MOD_GIL_NOT_USED in the place of Py_MOD_GIL_USED";
    return edit.global != none && module.defects.size() == 1;
  }
  if (module.style == Module::Style::multi_phase) {
    for (const model::GlobalId global : facts.globals.ids())
      if (same_span(facts.globals[global].span, module.slots)) edit.global = global;
    write = std::string(module.has_slots ? "" : "m_slots with ") + "{Py_mod_gil, Py_MOD_GIL_NOT_USED} from 3.13 on";
    return edit.global != none && audit.program().table(edit.global) != nullptr;
  }
  if (module.style != Module::Style::single_phase || !audit.build().limited_api.empty()) return false;
  for (const FunctionId id : facts.functions.ids())
    for (const EventId e : facts.functions[id].events.ids())
      if (analysis::is_call(facts.functions[id].events[e]) &&
          same_span(facts.functions[id].events[e].span, module.slots))
        edit.function = id, edit.first = e;
  write = "PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED) under #ifdef Py_GIL_DISABLED";
  return edit.first != none;
}

}  // namespace

void declarations(const Audit& audit, const Refused& refused, Remedies& out) {
  for (const Module& module : audit.modules()) {
    if (module.gil != analysis::Declares::missing && module.gil != analysis::Declares::used) continue;
    Remedy remedy{.kind = StepKind::declaration, .key = "declaration " + module.name};
    Edit edit{.does = Edit::Does::declare};
    std::string write;
    if (refused.contains(remedy.key) || !declare(audit, module, edit, write)) continue;
    remedy.edits.push_back(std::move(edit));
    for (const model::Span& span : {module.slots, module.span}) remedy.speaks_of.insert(audit.location(span));
    remedy.places.push_back({.location = audit.location(module.slots), .function = module.init, .write = write});
    for (const Module::Defect& defect : module.defects) remedy.speaks_of.insert(audit.location(defect.span));
    remedy.states = {module.name};
    remedy.what = "declare that " + module.name + " runs without the GIL";
    remedy.because =
        "nothing that is known stands against it once the steps before are made; without it the import "
        "switches the GIL on";
    out.push_back(std::move(remedy));
  }
}

}  // namespace ftaudit::plan
