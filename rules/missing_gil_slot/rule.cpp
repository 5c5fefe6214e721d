#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Declares;
using analysis::Module;

static void check(const Audit& audit, Report& report) {
  for (const Module& module : audit.modules()) {
    if (module.style != Module::Style::multi_phase && module.style != Module::Style::export_hook) continue;
    if (module.system != "C API") continue;  // a generator owns the table: binding-not-declared
    report.site();
    if (module.gil != Declares::missing) continue;
    Finding& finding =
        report.add(audit.location(module.slots),
                   "module " + module.name + " has no Py_mod_gil slot, so importing it switches the GIL back on");
    finding.function = module.init;
    finding.place = module.name;
    finding.instead =
        std::string(module.has_slots ? "add" : "give the definition m_slots with") +
        " {Py_mod_gil, Py_MOD_GIL_NOT_USED} under #if PY_VERSION_HEX >= 0x030D0000, once the other findings are mended";
    finding.trace.push_back({audit.location(module.span), "the module is made here"});
    // Whether anything stands against it is seen when all rules have run: withhold_declarations().
    if (module.terminator.line > 0) {
      Location before = audit.location(module.terminator);
      before.end_line = before.line, before.end_column = before.column;
      finding.fixes.push_back(
          {.range = before, .text = "#ifdef Py_GIL_DISABLED\n{Py_mod_gil, Py_MOD_GIL_NOT_USED},\n#endif\n"});
    }
  }
}

extern const Rule missing_gil_slot{
    {.id = "FT001",
     .name = "missing-gil-slot",
     .category = Category::missing_gil_slot,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "A multi-phase module does not say that it runs without the GIL",
     .why = "CPython takes a module without a Py_mod_gil slot to need the GIL: the import prints a RuntimeWarning and "
            "switches the GIL on for the whole process",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
