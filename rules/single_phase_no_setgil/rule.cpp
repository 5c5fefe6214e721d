#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Declares;
using analysis::Module;

static void check(const Audit& audit, Report& report) {
  for (const Module& module : audit.modules()) {
    if (module.style != Module::Style::single_phase || module.system != "C API") continue;
    report.site();
    if (module.gil != Declares::missing) continue;
    Finding& finding = report.add(audit.location(module.slots), "single-phase module " + module.name + " never calls PyUnstable_Module_SetGIL, so importing it switches the GIL back on");
    finding.function = module.init;
    finding.place = module.name;
    finding.instead = "under #ifdef Py_GIL_DISABLED call PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED) before returning the module; or move to multi-phase initialisation with a Py_mod_gil slot";
  }
}

extern const Rule single_phase_no_setgil{
    {.id = "FT002", .name = "single-phase-no-setgil", .category = "missing-gil-slot", .severity = Severity::high, .confidence = Confidence::certain,
     .summary = "A single-phase module does not say that it runs without the GIL",
     .why = "a single-phase module has no slots to declare itself with; unless its init function calls PyUnstable_Module_SetGIL, the import switches the GIL on for the whole process",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
