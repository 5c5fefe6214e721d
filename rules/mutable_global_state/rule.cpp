#include "finding/rule.h"
#include "rules/parallel.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report,
      [](const Conflict& c) { return c.mistake == Mistake::plain && c.state->kind == State::Kind::global; },
      [&](const Conflict& conflict) {
        const State& state = *conflict.state;
        Finding& finding = add_race(
            report, audit, conflict,
            state.name + also_named(conflict) +
                (conflict.race.write == conflict.race.other ? " is written" : " is read and written") +
                " by several threads with nothing to keep them apart" +
                (conflict.functions > 2 ? "; " + std::to_string(conflict.functions) + " functions use it" : ""));
        if (state.type.kind == model::Type::Kind::scalar && !state.contents) finding.severity = Severity::medium;
        if (conflict.late) finding.severity = Severity::low;
        finding.instead =
            "keep it in the module state behind a PyMutex, take one PyMutex around every use, or make it atomic or "
            "thread-local";
      });
  tell_parallel_writes(audit, report, true);
}

extern const Rule mutable_global_state{
    {.id = "FT201",
     .name = "mutable-global-state",
     .category = Category::global_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A global variable is changed while other threads use it",
     .why = "the GIL used to let one thread at a time at it; now updates get lost, values tear, and memory behind a "
            "replaced pointer is freed while another thread reads it",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
