#include "finding/rule.h"
#include "capi/capi.h"
#include "capi/references.h"
#include "capi/types.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const model::Event& event) { return capi::writes_refcount(event.callee); },
      [&](const Site& site) {
        const model::Event& event = audit.event(site);
        if (event.operands.empty()) return;
        report.site();
        const analysis::Origin object = audit.ownership().of(site.function, site.event, event.operands[0]);
        if (object.kind == analysis::Origin::Kind::fresh || audit.contexts().exclusive(site.function)) return;
        const std::string name = audit.text(site, event.operands[0]);
        Finding& finding =
            add_at(report, audit, site, event.callee + " overwrites what other threads update atomically in " + name);
        finding.place = name;
        // Making an object out of memory that was one before: private as long as the pool it came from is.
        if (capi::revives(event.callee)) finding.severity = Severity::low, finding.confidence = Confidence::possible;
        finding.instead = capi::sets_type(event.callee)
                              ? "set the type before anybody else has the object"
                              : "Py_INCREF and Py_DECREF; PyUnstable_SetImmortal (3.15) for immortal objects";
      });
}

extern const Rule refcount_manipulation{
    {.id = "FT603",
     .name = "refcount-manipulation",
     .category = Category::refcount_unique_check,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A reference count or type is set by hand on an object others may have",
     .why = "free-threaded builds split the count between the owning thread and all others and update it atomically; a "
            "plain store loses their updates, so objects leak or die early",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
