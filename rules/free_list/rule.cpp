#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::free_list; },
      [&](const Conflict& conflict) {
        Finding& finding = add_race(report, audit, conflict,
                                    "the free list " + conflict.state->name +
                                        (conflict.also.empty() ? "" : " (with " + conflict.also[0]->name + ")") +
                                        " is pushed to and popped from by several threads at once");
        finding.instead =
            "leave the free list out under Py_GIL_DISABLED (the allocator keeps one a thread), make it thread-local, "
            "or hold a PyMutex around each push and pop";
      });
}

extern const Rule free_list{
    {.id = "FT207",
     .name = "free-list",
     .category = Category::global_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A hand-written list of recycled objects or blocks is used without a lock",
     .why = "two threads pop the same entry and both believe they own it: two objects in one piece of memory",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
