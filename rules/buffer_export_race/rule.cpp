#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::buffer_count; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     shown_name(audit, conflict) + also_named(conflict) + (conflict.also.empty() ? " is" : " are") +
                         " updated by buffer exports and releases of several threads without a lock");
        // What is lost is no number that anybody goes by.
        if (conflict.late) finding.severity = Severity::low;
        finding.instead =
            "hold Py_BEGIN_CRITICAL_SECTION on the exporter in bf_getbuffer, bf_releasebuffer and whatever resizes the "
            "memory, or count with an atomic and test it where the memory is resized";
      });
}

extern const Rule buffer_export_race{{.id = "FT310",
                                      .name = "buffer-export-race",
                                      .category = Category::object_field,
                                      .severity = Severity::high,
                                      .confidence = Confidence::likely,
                                      .summary = "What a buffer exporter counts is updated without a lock",
                                      .why = "a lost update makes the exporter believe that nobody has its memory any "
                                             "more, and it resizes or frees what a consumer is reading",
                                      .since = "0.1"},
                                     check};

}  // namespace ftaudit::rules
