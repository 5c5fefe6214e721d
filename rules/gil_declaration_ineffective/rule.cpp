#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Module;
using Defect = Module::Defect;

static void check(const Audit& audit, Report& report) {
  for (const Module& module : audit.modules()) {
    report.site();
    for (const Defect& defect : module.defects) {
      if (defect.kind == Defect::Kind::explicitly_used && module.system != "C API")
        continue;  // binding-not-declared says how
      std::string what, instead;
      switch (defect.kind) {
        case Defect::Kind::after_terminator:
          what = "the Py_mod_gil slot stands behind the {0, NULL} that ends the array, so nobody reads it";
          instead = "move it before the end of the array";
          break;
        case Defect::Kind::twice:
          what = "a second Py_mod_gil slot makes the import fail with SystemError";
          instead = "keep one";
          break;
        case Defect::Kind::explicitly_used:
          what = "module " + module.name + " declares Py_MOD_GIL_USED, which is what saying nothing means";
          instead = "Py_MOD_GIL_NOT_USED once the other findings are mended";
          break;
        case Defect::Kind::outside_init:
          what = "PyUnstable_Module_SetGIL is called outside module initialisation, where it has no effect";
          instead = "call it in PyInit_* before the module is returned";
          break;
        case Defect::Kind::unguarded:
          what = "PyUnstable_Module_SetGIL does not exist in builds with the GIL: this file does not compile there";
          instead = "put the call under #ifdef Py_GIL_DISABLED";
          break;
      }
      Finding& finding = report.add(audit.location(defect.span), std::move(what));
      finding.function = defect.function;
      finding.place = module.name;
      finding.instead = std::move(instead);
    }
  }
}

extern const Rule gil_declaration_ineffective{
    {.id = "FT004",
     .name = "gil-declaration-ineffective",
     .category = Category::missing_gil_slot,
     .severity = Severity::medium,
     .confidence = Confidence::certain,
     .summary = "The GIL declaration is there but does nothing, or breaks the build",
     .why = "CPython reads the slots of a module up to the first zero, accepts one Py_mod_gil, and offers "
            "PyUnstable_Module_SetGIL only during initialisation and only in free-threaded builds",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
