#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report,
      [](const Conflict& c) { return c.mistake == Mistake::swapped_reference && !c.state->module_state; },
      [&](const Conflict& conflict) {
        const std::string name = shown_name(audit, conflict);
        Finding& finding =
            add_race(report, audit, conflict,
                     "the object in " + name + also_named(conflict) + " is replaced while other threads may " +
                         (conflict.race.other->write ? "replace it too" : "be reading it"));
        if (!conflict.releases) finding.severity = Severity::medium;
        finding.instead =
            "swap the pointers inside Py_BEGIN_CRITICAL_SECTION on the object and release the old reference after the "
            "section; read and take a reference inside one too";
      });
}

extern const Rule pyobject_field_swap{
    {.id = "FT302",
     .name = "pyobject-field-swap",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A reference that an object owns is replaced without the object's lock",
     .why = "two threads can read the same old value and both release it, or one releases it while another is about to "
            "take a reference",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
