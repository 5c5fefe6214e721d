#include "finding/rule.h"
#include "analysis/atomic_pointers.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const analysis::UnkeptLoad& found : analysis::unkept_loads(audit, sites)) {
    const model::Place& place = audit.function(found.load).places[audit.event(found.load).place];
    const std::string name = place.steps.empty() ? audit.facts().globals[place.global].name : place.steps.back().field;
    Finding& finding = add_at(report, audit, found.load,
                              "what " + name + " points to may be freed between this atomic load and its use");
    finding.place = name;
    finding.instead =
        "one lock around load and Py_INCREF here and around the exchange there, or a pointer that is set once and "
        "never given up";
    finding.trace.push_back({audit.location(Site{found.load.function, found.use}),
                             found.counted ? "the reference is taken here" : "used here", 1});
    finding.trace.push_back({audit.location(found.dropped), "another thread gives it up here", 2});
  }
  report.sites(sites);
}

extern const Rule atomic_pyobject_without_lifetime{
    {.id = "FT705",
     .name = "atomic-pyobject-without-lifetime",
     .category = Category::memory_order,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A pointer is loaded atomically, and what it points to may be freed before it is used",
     .why = "an atomic pointer cannot be torn, but nothing keeps its object alive: a writer that swaps in another one "
            "may drop the last reference before the reader has taken its own",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
