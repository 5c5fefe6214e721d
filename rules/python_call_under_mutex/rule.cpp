#include <map>

#include "analysis/lock_names.h"
#include "analysis/python_calls.h"
#include "capi/python_runs.h"
#include "finding/rule.h"
#include "rules/lock_place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Lock;
using analysis::Runs;
using analysis::Site;
using capi::LockCall;

constexpr std::size_t most_calls = 6;  // named in one finding

static bool is_native(const Lock& lock) { return lock.kind != LockCall::Kind::py_mutex; }

// What the call can do to whoever holds the lock, and to those who wait for it. A PyMutex lets waiting threads be
// stopped: only code that comes back for it hurts. Whoever waits for a native lock while attached also keeps the holder
// from attaching again.
static bool matters(const Lock& lock, Runs runs) {
  if (runs == Runs::nothing || (lock.recursive && lock.detached)) return false;
  return runs != Runs::detaches || (is_native(lock) && !lock.detached);
}

static std::string sentence(const Audit& audit, const Site& call, const Site& cause, Runs runs,
                            const std::string& lock) {
  const std::string& callee = audit.event(call).callee;
  const std::string by = callee.empty() ? "a slot of the type" : callee + "()", inner = audit.event(cause).callee;
  const char* does = runs == Runs::python       ? " may run Python code"
                     : runs == Runs::detaches   ? " lets the thread state go"
                     : runs == Runs::finalizers ? " may run a finalizer"
                                                : " may run Python code";
  return by + (call.function != cause.function && !inner.empty() ? ", through " + inner + "()," : "") + does +
         " while " + lock + " is held";
}

static void check(const Audit& audit, Report& report) {
  const analysis::PythonCalls calls(audit);
  const analysis::Waited waited(audit);
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    std::map<analysis::EventId, std::vector<Site>> guilty;  // by where the lock was taken: one finding each
    std::map<analysis::EventId, Lock> locks;
    for (const analysis::EventId e : function.events.ids()) {
      if (!analysis::is_call(function.events[e])) continue;
      const Runs runs = calls.event({id, e});
      for (const Lock& lock : audit.held().at(id, e)) {
        if (lock.acquired == analysis::none || analysis::is_section(lock) || analysis::is_own(audit, id, lock) ||
            capi::takes_python_lock(function.events[lock.acquired].callee))
          continue;
        if (locks.emplace(lock.acquired, lock).second) report.site();
        const bool waits = runs == Runs::detaches ? waited.while_attached(id, lock) : waited.contains(id, lock);
        if (waits && matters(lock, runs)) guilty[lock.acquired].push_back({id, e});
      }
    }
    for (auto& [acquired, sites] : guilty) {
      const Lock& lock = locks.at(acquired);
      // The worst speaks for the region; of those that are alike, a plain call of somebody's function.
      const auto weight = [&](const Site& site) {
        const std::string& does = audit.event(calls.cause(site)).callee;
        return std::pair(calls.event(site), capi::calls_object(does) || capi::calls_by_binding(does));
      };
      const Site worst = *std::max_element(sites.begin(), sites.end(),
                                           [&](const Site& a, const Site& b) { return weight(a) < weight(b); });
      const Runs runs = calls.event(worst);
      const Site cause = calls.cause(worst);
      const std::string name = analysis::lock_text(audit, id, lock);
      Finding& finding = add_at(report, audit, worst, sentence(audit, worst, cause, runs, name));
      place_at_lock(finding, name, analysis::lock_name(audit, id, lock));
      // Whoever waits for it can be stopped meanwhile: what hurts is code that comes back for it.
      if (!is_native(lock) || !waited.while_attached(id, lock)) finding.severity = Severity::medium;
      if (runs == Runs::perhaps || waited.only_by_finalizers(id, lock)) finding.confidence = Confidence::possible;
      finding.instead = "take what is needed under the lock (a copy, a new reference), let " + name +
                        " go, and call Python afterwards";
      finding.trace.push_back({audit.location(Site{id, acquired}), name + " is taken here"});
      if (cause.function != id) finding.trace.push_back({audit.location(cause), "the call is made here"});
      for (const Site& other : sites)
        if (other.event != worst.event && finding.trace.size() < most_calls && calls.event(other) > Runs::perhaps)
          finding.trace.push_back(
              {audit.location(other), sentence(audit, other, calls.cause(other), calls.event(other), name)});
    }
  });
}

extern const Rule python_call_under_mutex{{.id = "FT405",
                                           .name = "python-call-under-mutex",
                                           .category = Category::mutex_deadlock,
                                           .severity = Severity::high,
                                           .confidence = Confidence::likely,
                                           .summary = "Python code may run while a mutex is held",
                                           .why = "what runs there may come back for the same lock on this thread, or "
                                                  "have to wait for threads that wait for the lock: both hang",
                                           .since = "0.1"},
                                          check};

}  // namespace ftaudit::rules
