#include <map>

#include "analysis/own_states.h"
#include "capi/capi.h"
#include "capi/records.h"
#include "capi/thread_states.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using model::Event;
using model::Operand;
using model::Place;

// A place that other threads use as well: a global, or a field of an object.
static bool is_everybodys(const Audit& audit, const Site& site, const Place& place) {
  if (place.root == Place::Root::global && !audit.facts().globals[place.global.n].is_thread_local) return true;
  for (const model::Step& step : place.steps)
    if (const model::Record* record =
            step.kind == model::Step::Kind::field ? audit.program().record(step.record) : nullptr;
        record != nullptr && record->is_object)
      return !audit.contexts().exclusive(site.function);
  return false;
}

// A field of a thread state that is not the calling thread's: it was kept somewhere, or came out of a walk.
static bool is_foreign(const Audit& audit, analysis::OwnStates& own, const Site& site, const Place& place) {
  std::size_t at = 0;
  while (at < place.steps.size() && !(place.steps[at].kind == model::Step::Kind::field &&
                                      capi::record_named(place.steps[at].record) == capi::Record::thread_state))
    ++at;
  if (at == place.steps.size()) return false;
  std::size_t keeper = at;  // the field that the state is kept in
  for (std::size_t n = 0; n < at; ++n)
    if (place.steps[n].kind == model::Step::Kind::field) keeper = n;
  if (keeper != at) return is_everybodys(audit, site, place) || !own.kept_in(place.steps[keeper]);
  if (place.root == Place::Root::global) return true;
  if (place.root != Place::Root::variable) return false;
  const model::Function& function = audit.function(site);
  for (EventId given : audit.values(site.function).definitions(place.variable, site.event)) {
    if (given == model::none || function.events[given].operands.empty()) return false;
    const Operand& value = function.events[given].operands[0];
    if (value.kind == Operand::Kind::call && !capi::gives_own_state(function.events[value.event].callee))
      return capi::walks_states(function.events[value.event].callee) != capi::StateWalk::none;
  }
  return false;
}

static bool held_by_mutex(const Audit& audit, const Site& site) {
  for (const analysis::Lock& lock : audit.held().at(site.function, site.event))
    if (lock.kind != capi::LockCall::Kind::critical_section) return true;
  return false;
}

static void check(const Audit& audit, Report& report) {
  analysis::OwnStates own(audit);
  std::map<std::string, Finding*> saved;  // by the place that the state goes to
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (EventId e = 0; e < function.events.size(); ++e) {
      const Event& event = function.events[e];
      const Site site{id, e};
      if (const capi::StateWalk walk = capi::walks_states(event.callee); walk != capi::StateWalk::none) {
        report.site();
        if (walk == capi::StateWalk::goes_on) continue;  // the walk is reported where it begins
        Finding& finding =
            add_at(report, audit, site,
                   "the thread states of other threads are walked; each may be freed by its thread at any moment");
        finding.place = event.callee;
        finding.instead = "sys._current_frames() or threading.enumerate() to see what the threads are";
      } else if ((event.kind == Event::Kind::read || event.kind == Event::Kind::write) && event.place != model::none) {
        const Place& place = function.places[event.place];
        const bool saves = event.kind == Event::Kind::write && !event.operands.empty() &&
                           event.operands[0].kind == Operand::Kind::call &&
                           capi::saves_thread(function.events[event.operands[0].event].callee);
        if (saves) {
          report.site();
          if (!is_everybodys(audit, site, place) || held_by_mutex(audit, site)) continue;
          Operand written;
          written.kind = Operand::Kind::place, written.place = event.place;
          const std::string name = audit.text(site, written);
          // One field, one mistake, however many functions detach through it.
          Finding*& first =
              saved[place.steps.empty() ? name : place.steps.back().record + "." + place.steps.back().field];
          if (first != nullptr) {
            if (first->trace.size() < 5)
              first->trace.push_back({audit.location(site), "and here, in " + function.name});
            continue;
          }
          Finding& finding =
              add_at(report, audit, site,
                     "the saved thread state goes to " + name + ", where the next thread that detaches puts its own");
          first = &finding;
          finding.place = name;
          finding.instead = "keep the saved state in a local variable, as Py_BEGIN_ALLOW_THREADS does";
        } else if (is_foreign(audit, own, site, place)) {
          report.site();
          Operand touched;
          touched.kind = Operand::Kind::place, touched.place = event.place;
          const std::string name = audit.text(site, touched);
          Finding& finding =
              add_at(report, audit, site, name + " belongs to another thread, which changes it and may free it");
          finding.place = name;
          finding.instead = "only the calling thread's own state (PyThreadState_Get); ask other threads through Python";
        }
      }
    }
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
