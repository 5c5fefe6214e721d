#include "finding/rule.h"
#include "base/text.h"
#include "capi/capi.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Declares;
using analysis::Module;

static bool is_generated(const Module& module) {
  return module.style == Module::Style::binding || module.system != "C API";
}

static std::string_view opt_in(const Module& module) {
  for (const capi::Binding& binding : capi::bindings())
    if (to_lower(binding.system) == to_lower(module.system)) return binding.instead;
  return "the opt-in of the system that generates it";
}

static void check(const Audit& audit, Report& report) {
  for (const Module& module : audit.modules()) {
    if (!is_generated(module)) continue;
    report.site();
    if (module.gil == Declares::not_used || module.gil == Declares::unknown) continue;
    // A spelled-out "used" is a decision; the module still brings the GIL back.
    const bool decided = module.gil == Declares::used && module.style == Module::Style::binding;
    Finding& finding =
        report.add(audit.location(module.style == Module::Style::binding ? module.span : module.slots),
                   module.system + " module " + module.name +
                       (decided ? " says that it needs the GIL" : " does not say that it runs without the GIL") +
                       ", so importing it switches the GIL back on");
    finding.function = module.init;
    finding.place = module.name;
    finding.instead = opt_in(module);
    if (decided) finding.severity = Severity::info;
  }
}

extern const Rule binding_not_declared{
    {.id = "FT003",
     .name = "binding-not-declared",
     .category = Category::missing_gil_slot,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "A module made by a binding generator does not opt in to running without the GIL",
     .why = "pybind11, nanobind, Boost.Python, SWIG, Cython and f2py take a module to need the GIL unless told "
            "otherwise, each in its own way; importing it switches the GIL on for the whole process",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
