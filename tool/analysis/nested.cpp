#include "analysis/nested.h"

#include <algorithm>

namespace ftaudit::analysis {

using model::Event;

namespace {

constexpr int deepest = 4;  // calls followed

struct Taken {
  std::string what;  // in terms of the function that is asked about
  Site site;
};

bool takes(const Program& program, const Event& event) {
  const capi::LockCall* call = is_call(event) ? program.lock_call(event.callee) : nullptr;
  return call != nullptr && call->does == capi::LockCall::Does::acquire && call->shared;
}

FunctionId project_callee(const Audit& audit, const Event& event) {
  return is_call(event) && !event.callee_key.text.empty() ? audit.program().find(event.callee_key) : none;
}

// The readers' locks that the function, or what it calls, waits for.
std::vector<Taken> readers_in(const Audit& audit, FunctionId id, int depth) {
  std::vector<Taken> out;
  if (depth > deepest || !audit.held().is_busy(id)) return out;
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (takes(audit.program(), event)) {
      for (const Lock& lock : audit.held().taken_by(id, e))
        if (lock.shared && !lock.recursive && lock.what != "?") out.push_back({lock.what, {id, e}});
      continue;
    }
    const FunctionId callee = project_callee(audit, event);
    if (callee == none || callee == id) continue;
    for (Taken& taken : readers_in(audit, callee, depth + 1))
      if (std::string here = audit.held().in_caller(id, e, taken.what); !here.empty())
        out.push_back({std::move(here), taken.site});
  }
  return out;
}

}  // namespace

std::vector<Nested> nested_readers(const Audit& audit, FunctionId id) {
  std::vector<Nested> out;
  if (!audit.held().is_busy(id)) return out;
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    const FunctionId callee = project_callee(audit, event);
    if (!takes(audit.program(), event) && (callee == none || callee == id)) continue;
    for (const Lock& held : audit.held().at(id, e)) {
      // What the callers hold is told where they hold it.
      if (!held.shared || held.recursive || held.acquired == none || held.what == "?") continue;
      std::vector<Taken> again;
      if (callee != none) {
        for (Taken& taken : readers_in(audit, callee, 0)) {
          taken.what = audit.held().in_caller(id, e, taken.what);
          again.push_back(std::move(taken));
        }
      } else {
        for (const Lock& lock : audit.held().taken_by(id, e))
          if (!lock.recursive) again.push_back({lock.what, {id, e}});
      }
      const auto same = std::find_if(again.begin(), again.end(), [&](const Taken& t) { return t.what == held.what; });
      if (same == again.end()) continue;
      out.push_back({e, held, same->site, !audit.event(same->site).callee.starts_with("pthread_")});
      break;
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
