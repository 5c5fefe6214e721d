#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::init_again; },
      [&](const Conflict& conflict) {
        Finding& finding = add_race(report, audit, conflict,
                                    "a second __init__() call replaces " + shown_name(audit, conflict) +
                                        also_named(conflict) + " while other methods use the object");
        if (!conflict.releases) finding.severity = Severity::low;
        finding.instead =
            "set the fields in tp_new, or swap them inside Py_BEGIN_CRITICAL_SECTION on the object and release the old "
            "values afterwards";
      });
}

extern const Rule init_reentry{{.id = "FT309",
                                .name = "init-reentry",
                                .category = Category::object_field,
                                .severity = Severity::medium,
                                .confidence = Confidence::likely,
                                .summary = "__init__ replaces fields that other methods use, without a lock",
                                .why = "__init__ is an ordinary method: it can be called again on an object that other "
                                       "threads are using, and frees what they read",
                                .since = "0.1"},
                               check};

}  // namespace ftaudit::rules
