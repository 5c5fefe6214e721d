#include "finding/rule.h"
#include "rules/parallel.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

// One call has to have the container for itself from its first use to its last: the lock is due where Python comes in.
static void tell_container(const Audit& audit, Report& report, const Conflict& conflict) {
  const State& state = *conflict.state;
  const bool emptied = state.container == State::Container::emptied;
  Finding& finding = add_race(
      report, audit, conflict,
      state.name + (emptied
                        ? " is filled for one call and emptied here; calls of other threads on the same object lose "
                          "theirs"
                        : " holds marks of the call that is under way, which calls of other threads on the same "
                          "object take for their own"));
  const analysis::Views& views = audit.shared().views();
  analysis::ViewId way = conflict.race.write->view;
  analysis::Site start = conflict.race.write->site;
  for (; views.view(way).from != analysis::none; way = views.view(way).from)
    start = {views.view(views.view(way).from).function, views.view(way).call};
  finding.location = audit.location(start);
  finding.function = audit.function(start).name;
  finding.place = state.name + " (contents)";
  finding.instead =
      "make the container for each call, or hold one critical section on the object from before it is " +
      std::string(emptied ? "filled until it is emptied" : "looked into until the last mark is taken back");
}

static void check(const Audit& audit, Report& report) {
  const auto wanted = [](const Conflict& c) {
    return c.mistake == Mistake::plain && c.state->kind == State::Kind::field && !c.state->module_state;
  };
  each_conflict(audit, report, wanted, [&](const Conflict& conflict) {
    const State& state = *conflict.state;
    if (state.is_container()) return tell_container(audit, report, conflict);
    const std::string name = shown_name(audit, conflict);
    Finding& finding = add_race(report, audit, conflict,
                                (state.contents ? "what " + name + " points to" : name) + also_named(conflict) +
                                    " is changed while other threads use the same object");
    bool pointer = state.type.kind == model::Type::Kind::pointer && !state.contents;
    for (const State* also : conflict.also) pointer |= also->type.kind == model::Type::Kind::pointer && !also->contents;
    if (conflict.late) finding.severity = Severity::low;
    else if (pointer) finding.severity = Severity::high;
    finding.instead =
        "hold Py_BEGIN_CRITICAL_SECTION on the object in every method that touches it, or give the struct a PyMutex; "
        "an atomic does for a lone counter or flag";
    if (const auto& readers = conflict.race.write->readers; !readers.empty() && is_one_of_many(readers[0]))
      finding.instead =
          "give it a lock of its own, which everybody takes: others come here with another one of these; an "
          "atomic does for a lone counter or flag";
    else if (!readers.empty())
      finding.instead = "take " + lock_name(audit, conflict.race.write->readers[0]) +
                        " as its writer where this is changed: its readers are there at the same time; an atomic does "
                        "for a lone counter or flag";
  });
  tell_parallel_writes(audit, report, false);
}

extern const Rule object_field_unlocked{{.id = "FT301",
                                         .name = "object-field-unlocked",
                                         .category = Category::object_field,
                                         .severity = Severity::medium,
                                         .confidence = Confidence::likely,
                                         .summary = "A field of an object is changed by one method while others use it",
                                         .why = "two threads can be in methods of the same object at once: updates get "
                                                "lost, a pointer and its length disagree, freed memory is read",
                                         .since = "0.1"},
                                        check};

}  // namespace ftaudit::rules
