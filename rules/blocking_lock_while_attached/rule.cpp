#include <map>

#include "analysis/attached_waits.h"
#include "analysis/lock_names.h"
#include "finding/rule.h"
#include "rules/lock_place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using capi::LockCall;
using model::Operand;

static void check(const Audit& audit, Report& report) {
  std::map<std::string, Site> across;
  bool known = false;
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      const LockCall* call = analysis::waits_attached(audit, function.events[e]);
      if (call == nullptr) continue;
      report.site();
      const Site site{id, e};
      const Operand& lock = function.events[e].operands[static_cast<std::size_t>(call->lock)];
      if (!audit.attached().surely_attached(site) || analysis::is_of_own_object(audit, site, lock)) continue;
      if (!known) across = analysis::held_across_calls(audit), known = true;
      const auto held = across.find(analysis::name_of_lock(function, lock));
      // Who holds the lock lets go of it by itself soon: nobody waits for long.
      if (held == across.end()) continue;
      std::string name = audit.text(site, lock);
      if (name.starts_with("&")) name.erase(0, 1);
      const std::string what = audit.event(held->second).callee.empty() ? "a call" : audit.event(held->second).callee;
      Finding& finding = add_at(report, audit, site,
                                function.events[e].callee + " waits for " + name +
                                    " while the thread is attached, and the lock is held elsewhere across " + what);
      place_at_lock(finding, name, analysis::lock_name(audit, id, lock));
      finding.instead =
          call->kind == LockCall::Kind::native && function.events[e].callee.find("::") != std::string::npos
              ? "detach before waiting and attach again with the lock in hand, or a PyMutex, whose wait detaches"
              : "a PyMutex, whose wait detaches; or Py_BEGIN_ALLOW_THREADS and Py_END_ALLOW_THREADS around the wait";
      finding.trace.push_back({audit.location(held->second), "held here across " + what +
                                                                 ", which may detach or run Python code, in " +
                                                                 audit.function(held->second).name});
    }
  });
}

extern const Rule blocking_lock_while_attached{
    {.id = "FT406",
     .name = "blocking-lock-while-attached",
     .category = Category::mutex_deadlock,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An attached thread waits for a native lock whose holder may need the interpreter to go on",
     .why = "the waiting thread stays attached, so the world cannot be stopped; when the holder of the lock pauses for "
            "the collector, or waits to be attached again, neither goes on",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
