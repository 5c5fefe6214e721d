#include "finding/rule.h"
#include "capi/module_calls.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Build;

constexpr const char* remedy =
    "define Py_LIMITED_API only where Py_GIL_DISABLED is not: the free-threaded builds of 3.13 and 3.14 have no "
    "limited API";

static void check(const Audit& audit, Report& report) {
  bool described = false;
  for (const Build::LimitedApi& token : audit.build().limited_api) {
    report.site();
    if (token.unless_free_threaded) continue;
    described = true;
    Finding& finding = report.add(
        token.location, "the build asks for the limited API (" + token.what + ") for free-threaded builds too");
    finding.instead = remedy;
    finding.place = "build";
  }
  for (const model::MacroFact& macro : audit.facts().macros) {
    if (!macro.definition || (!capi::asks_limited_api(macro.name) && !capi::asks_shared_abi(macro.name))) continue;
    report.site();
    // What the build description asks for arrives here as a flag: said once.
    if (macro.on_command_line &&
        (described || !capi::asks_limited_api(macro.name) || !audit.build().limited_api.empty()))
      continue;
    Finding& finding =
        report.add(audit.location(macro.span), macro.name + " is defined " +
                                                   (macro.on_command_line ? "on the command line" : "here") +
                                                   " for free-threaded builds too: Python.h refuses it");
    finding.instead = remedy;
    finding.place = macro.name;
  }
}

extern const Rule limited_api_in_ft_build{
    {.id = "FT006",
     .name = "limited-api-in-ft-build",
     .category = Category::other,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "The limited API is asked for in a free-threaded build",
     .why = "Py_LIMITED_API together with Py_GIL_DISABLED is an #error in the headers of 3.13 and 3.14; from 3.15 on "
            "it selects abi3t, where object structs are opaque",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
