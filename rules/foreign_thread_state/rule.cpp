#include <map>

#include "analysis/thread_states.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using analysis::StateUse;

static std::string place_text(const Audit& audit, const Site& site) {
  model::Operand place;
  place.kind = model::Operand::Kind::place, place.place = audit.event(site).place;
  return audit.text(site, place);
}

constexpr std::size_t most_uses = 5;  // named in one finding

// `foreign`: the finding about other threads' states that this function has got already.
static void tell(const Audit& audit, Report& report, analysis::OwnStates& own, const Site& site,
                 std::map<std::string, Finding*>& saved, Finding*& foreign) {
  const StateUse use = analysis::state_use(audit, own, site);
  if (use == StateUse::none) return;
  report.site();
  if (use == StateUse::kept || use == StateUse::walk_on) return;  // the walk is reported where it begins
  if (use == StateUse::walk) {
    Finding& finding =
        add_at(report, audit, site,
               "the thread states of other threads are walked; each may be freed by its thread at any moment");
    finding.place = audit.event(site).callee;
    finding.instead = "sys._current_frames() or threading.enumerate() to see what the threads are";
    return;
  }
  const std::string name = place_text(audit, site);
  if (use == StateUse::foreign) {
    // One function, one mistake, however many members it looks at.
    if (foreign != nullptr) {
      if (foreign->trace.size() < most_uses) foreign->trace.push_back({audit.location(site), "and " + name + " here"});
      return;
    }
    foreign = &add_at(report, audit, site, name + " belongs to another thread, which changes it and may free it");
    foreign->place = name;
    foreign->instead = "only the calling thread's own state (PyThreadState_Get); ask other threads through Python";
    return;
  }
  const model::Function& function = audit.function(site);
  const model::Place& place = function.places[audit.event(site).place];
  // One field, one mistake, however many functions detach through it.
  Finding*& first = saved[place.steps.empty() ? name : place.steps.back().record + "." + place.steps.back().field];
  if (first != nullptr) {
    if (first->trace.size() < most_uses)
      first->trace.push_back({audit.location(site), "and here, in " + function.name});
    return;
  }
  first = &add_at(report, audit, site,
                  "the saved thread state goes to " + name + ", where the next thread that detaches puts its own");
  first->place = name;
  first->instead = "keep the saved state in a local variable, as Py_BEGIN_ALLOW_THREADS does";
}

static void check(const Audit& audit, Report& report) {
  analysis::OwnStates own(audit);
  std::map<std::string, Finding*> saved;  // by the place that the state goes to
  audit.each_concurrent_function([&](FunctionId id) {
    Finding* foreign = nullptr;
    for (const EventId e : audit.program().function(id).events.ids()) tell(audit, report, own, {id, e}, saved, foreign);
  });
}

extern const Rule foreign_thread_state{
    {.id = "FT504",
     .name = "foreign-thread-state",
     .category = Category::thread_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A thread state of another thread is read, walked to or restored",
     .why = "a thread state belongs to its thread: while the GIL is gone its owner runs at the same time, changes it "
            "without a lock and frees it when it ends",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
