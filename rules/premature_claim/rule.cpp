#include <algorithm>

#include "finding/report.h"
#include "finding/rule.h"
#include "finding/verdict.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;

static void check(const Audit& audit, Report& report) {
  for (const analysis::Module& module : audit.modules())
    if (module.gil == analysis::Declares::not_used) report.site();
}

static void conclude(const Audit& audit, const Document& found, Report& report) {
  for (const ModuleReport& module : found.modules) {
    if (module.gil != Gil::not_used) continue;
    std::vector<const Finding*> against = findings_about(found, module);
    std::erase_if(against, [](const Finding* finding) { return !refutes_claim(*finding); });
    if (against.empty()) continue;
    std::sort(against.begin(), against.end(), [](const Finding* a, const Finding* b) { return mend_before(*a, *b); });
    Location where = module.location;
    for (const analysis::Module& known : audit.modules())
      if (audit.location(known.span) == module.location && known.slots.line > 0) where = audit.location(known.slots);
    // How many there are the module's verdict says, once all severities are final.
    Finding& finding = report.add(where, module.name + " declares that it does not need the GIL, but " +
                                             (against.size() == 1 ? "a hazard" : "hazards") + " of high severity " +
                                             (against.size() == 1 ? "stands" : "stand") + " in its code");
    finding.place = module.name;
    finding.instead =
        "mend these first; until then declare Py_MOD_GIL_USED, so that importing the module keeps its users safe";
    for (std::size_t i = 0; i < against.size() && i < 3; ++i)
      finding.trace.push_back({against[i]->location, against[i]->rule + " " + against[i]->what});
  }
}

extern const Rule premature_claim{
    {.id = "FT005",
     .name = "premature-claim",
     .category = Category::gil_reliance,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A module declares that it does not need the GIL while hazards of high severity are known in it",
     .why =
         "the declaration is a promise that nobody checks: it takes away the GIL that kept these mistakes from showing",
     .since = "0.1"},
    check,
    conclude};

}  // namespace ftaudit::rules
