#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Attached;
using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using capi::ThreadCall;
using model::Event;

static std::string written(const model::Function& function, const Event& event) {
  if (event.macro == model::none) return event.callee;
  return function.macros[event.macro].name;
}

static void add(const Audit& audit, Report& report, FunctionId id, const Attached::Imbalance& imbalance) {
  const model::Function& function = audit.program().function(id);
  const std::string change = written(function, function.events[imbalance.changed]);
  const std::string how = imbalance.thrown ? "an exception leaves " : "control leaves ";
  Finding& finding = add_at(report, audit, {id, imbalance.leave},
                            how + function.name +
                                (imbalance.detached ? " while the thread is still detached"
                                                    : " without giving back what " + change + " took"));
  finding.place = change;
  finding.instead =
      imbalance.detached
          ? "leave the region in one place only: keep the result in a variable, and return after the thread is "
            "attached again"
          : "release on every way out, or put the two calls into the constructor and destructor of a guard";
  finding.trace.push_back(
      {audit.location(function.events[imbalance.changed].span), change + " is not undone on this way"});
}

// Detaching twice: the second finds no thread state to save.
static void check_twice(const Audit& audit, Report& report, FunctionId id) {
  const auto& events = audit.program().function(id).events;
  for (const EventId e : events.ids()) {
    const ThreadCall* call = analysis::is_call(events[e]) ? capi::thread_call(events[e].callee) : nullptr;
    if (call == nullptr || call->does != ThreadCall::Does::detach) continue;
    report.site();
    const Attached::Answer now = audit.attached().at({id, e});
    if (now.state != Attached::State::detached || now.detached.event == model::none) continue;
    Finding& finding =
        add_at(report, audit, {id, e},
               written(audit.program().function(id), events[e]) + " detaches a thread that is detached already");
    finding.place = "twice";
    finding.instead = "detach once, around both; or attach before the inner call";
    finding.trace.push_back(
        {audit.location(now.detached),
         "the thread detaches here" +
             (now.detached.function == id ? std::string() : ", in " + audit.function(now.detached).name)});
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](FunctionId id) {
    check_twice(audit, report, id);
    for (const Attached::Imbalance& imbalance : audit.attached().imbalances(id))
      if (imbalance.leave != model::none) add(audit, report, id, imbalance);
  });
}

extern const Rule unbalanced_thread_state{
    {.id = "FT503",
     .name = "unbalanced-thread-state",
     .category = Category::thread_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A thread state is let go or taken on a way that does not undo it",
     .why = "a thread that comes back detached crashes at its next call into Python; one that stays attached keeps the "
            "collector from ever stopping the world",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
