#include <algorithm>

#include "base/text.h"
#include "capi/module_calls.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Build;

constexpr const char* remedy =
    "define Py_LIMITED_API only where Py_GIL_DISABLED is not: the free-threaded builds of 3.13 and 3.14 have no "
    "limited API";

constexpr const char* remedy_of_wheel =
    "give bdist_wheel py_limited_api in setup.py, and only `if not sysconfig.get_config_var(\"Py_GIL_DISABLED\")`: the "
    "free-threaded builds of 3.13 and 3.14 have no limited API";

// What the builds of one file ask for in one way is one thing to mend, in however many places it says so.
static bool same_wish(const Build::LimitedApi& a, const Build::LimitedApi& b) {
  return a.what == b.what && a.location.file == b.location.file;
}

static void tell(const std::vector<Build::LimitedApi>& told, const Build::LimitedApi& token, Report& report) {
  // setuptools' own spelling, for the tag of the wheel alone.
  const bool wheel = token.what == "py_limited_api" || token.what == "py-limited-api";
  const auto places =
      std::ranges::count_if(told, [&](const Build::LimitedApi& other) { return same_wish(token, other); });
  Finding& finding = report.add(
      token.location,
      wheel ? "the wheel's tag for the limited API (" + token.what +
                  ") is asked for in free-threaded builds too: setuptools refuses it"
            : "the build asks for the limited API (" + token.what + ") for free-threaded builds too" +
                  (places > 1 ? ", here and in " + counted(static_cast<std::size_t>(places) - 1, "other place") : ""));
  finding.instead = wheel ? remedy_of_wheel : remedy;
  finding.place = "build";
  constexpr std::size_t most = 10;
  for (const Build::LimitedApi& other : told)
    if (places > 1 && finding.trace.size() < most && same_wish(token, other))
      finding.trace.push_back({other.location, other.what});
}

static void check(const Audit& audit, Report& report) {
  std::vector<Build::LimitedApi> told;
  for (const Build::LimitedApi& token : audit.build().limited_api) {
    report.site();
    if (!token.unless_free_threaded) told.push_back(token);
  }
  for (auto token = told.begin(); token != told.end(); ++token)
    if (std::none_of(told.begin(), token, [&](const Build::LimitedApi& other) { return same_wish(*token, other); }))
      tell(told, *token, report);
  const bool described = !told.empty();
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
     .why =
         "3.13 and 3.14 have no limited API without the GIL: their headers refuse Py_LIMITED_API together with "
         "Py_GIL_DISABLED, and setuptools the wheel's tag; from 3.15 on it is abi3t, where object structs are opaque",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
