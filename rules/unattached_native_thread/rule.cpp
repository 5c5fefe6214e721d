#include <map>

#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Attached;
using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](FunctionId id) {
    const auto& events = audit.program().function(id).events;
    for (const EventId e : events.ids()) {
      const Site site{id, e};
      if (!analysis::is_call(events[e])) continue;
      const Attached::Answer now = audit.attached().at(site);
      if (now.state != Attached::State::detached || now.detached.event != model::none ||
          now.detached.function == model::none)
        continue;
      const analysis::EntryPoint* start = audit.contexts().entry(now.detached.function);
      if (start == nullptr || start->called_detached) continue;
      report.site();
      const bool own = !events[e].callee_key.text.empty() && audit.program().find(events[e].callee_key) != model::none;
      if (own || !capi::needs_attached(events[e].callee)) continue;
      const std::string thread = audit.program().function(now.detached.function).name;
      Finding& finding =
          add_at(report, audit, site, events[e].callee + " is called on a native thread that has not attached");
      finding.place = events[e].callee;
      finding.instead =
          "PyGILState_Ensure before, and PyGILState_Release when the thread is done with Python (3.15: "
          "PyThreadState_EnsureFromView)";
      if (start->registered.function != model::none)
        finding.trace.push_back({audit.location(start->registered), "the thread is started here, with " + thread});
      return;  // the first one says it
    }
  });
}

extern const Rule unattached_native_thread{
    {.id = "FT507",
     .name = "unattached-native-thread",
     .category = Category::thread_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A native thread uses Python without having attached",
     .why = "that there is no GIL does not mean that no thread state is needed: without one there is no heap to "
            "allocate from, and the collector does not know that the thread is there",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
