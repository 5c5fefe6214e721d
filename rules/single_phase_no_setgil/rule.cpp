#include <algorithm>
#include <cctype>
#include <optional>

#include "capi/module_calls.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Declares;
using analysis::Module;

static bool names(const std::string& text, std::string_view word) {
  const auto part = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_');
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    if ((at == 0 || !part(at - 1)) && !part(at + word.size())) return true;
  return false;
}

// The call where the module has just been made. Before 3.13, and with the GIL, there is no such function. Whether
// anything stands against it is seen when all rules have run: withhold_declarations().
static std::optional<Fix> declaration(const Audit& audit, const Module& module) {
  for (const model::Function& function : audit.facts().functions)
    for (const model::Shape& shape : function.shapes) {
      if (shape.kind != model::Shape::Kind::creation || shape.call.file != module.slots.file ||
          shape.call.line != module.slots.line || shape.call.column != module.slots.column)
        continue;
      Location range = audit.location(shape.span);
      const auto guarded = [](const std::string& call) { return "#ifdef Py_GIL_DISABLED\n" + call + "\n#endif\n"; };
      if (!shape.variable.empty()) {
        range.line = range.end_line, range.column = range.end_column;
        return Fix{.range = range,
                   .text = guarded((shape.tested ? "" : "if (" + shape.variable + " != NULL) ") +
                                   "PyUnstable_Module_SetGIL(" + shape.variable + ", Py_MOD_GIL_NOT_USED);"),
                   .level = shape.span.line};
      }
      if (shape.arguments[0].empty() || shape.arguments[0].find_first_of("\n\\/") != std::string::npos ||
          names(shape.arguments[0], "module"))
        return std::nullopt;
      return Fix{.range = range,
                 .text = "{\n    PyObject *module = PyModule_Create(" + shape.arguments[0] + ");\n" +
                         guarded("    if (module != NULL) PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);") +
                         "    return module;\n}\n"};
    }
  return std::nullopt;
}

static bool is_limited(const Audit& audit) {
  return !audit.build().limited_api.empty() ||
         std::any_of(audit.facts().macros.begin(), audit.facts().macros.end(), [](const model::MacroFact& macro) {
           return macro.definition && capi::asks_limited_api(macro.name);
         });
}

static void check(const Audit& audit, Report& report) {
  for (const Module& module : audit.modules()) {
    if (module.style != Module::Style::single_phase || module.system != "C API") continue;
    report.site();
    if (module.gil != Declares::missing) continue;
    Finding& finding =
        report.add(audit.location(module.slots),
                   "single-phase module " + module.name +
                       " never calls PyUnstable_Module_SetGIL, so importing it switches the GIL back on");
    finding.function = module.init;
    finding.place = module.name;
    finding.instead =
        "under #ifdef Py_GIL_DISABLED call PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED) before returning the "
        "module; or move to multi-phase initialisation with a Py_mod_gil slot";
    if (is_limited(audit)) {
      finding.instead =
          "move to multi-phase initialisation with a Py_mod_gil slot: the limited API that this is built with has no "
          "PyUnstable_Module_SetGIL";
      continue;
    }
    if (auto fix = declaration(audit, module)) finding.fixes.push_back(std::move(*fix));
  }
}

extern const Rule single_phase_no_setgil{
    {.id = "FT002",
     .name = "single-phase-no-setgil",
     .category = Category::missing_gil_slot,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "A single-phase module does not say that it runs without the GIL",
     .why = "a single-phase module has no slots to declare itself with; unless its init function calls "
            "PyUnstable_Module_SetGIL, the import switches the GIL on for the whole process",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
