#include "finding/rule.h"
#include "rules/sides.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Count;

static void check(const Audit& audit, Report& report) {
  report.sites(audit.counts().size());
  for (const Count& count : audit.counts()) {
    // Who forgets the lock that others hold is told so (FT303).
    if (count.locked_elsewhere) continue;
    const std::string name = count.record + "." + count.field;
    Finding& finding =
        add_at(report, audit, shown_change(count).site,
               name + " counts who holds a " + count.record + " as a plain number: two Python objects that share one " +
                   "lose a count, and it is freed while in use, or never");
    finding.place = name, finding.owner = count.record;
    if (!count.held_by_objects) finding.confidence = Confidence::possible;
    finding.instead =
        "count with an atomic (std::atomic, _Py_atomic_add_ssize) and free where the decrement itself says zero, or "
        "use "
        "std::shared_ptr; a critical section on one of the objects keeps the other one's thread out of nothing";
    tell_sides(finding, audit, count);
  }
}

extern const Rule plain_reference_count{
    {.id = "FT806",
     .name = "plain-reference-count",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Objects share a record that counts its holders in a plain number",
     .why = "with the GIL one thread at a time changed the count; now two that hold the same record raise and lower it "
            "together, and one change is lost",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
