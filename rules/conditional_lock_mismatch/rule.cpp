#include <algorithm>

#include "analysis/lock_names.h"
#include "base/text.h"
#include "capi/module_calls.h"
#include "finding/rule.h"
#include "rules/lock_place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Lock;
using analysis::Site;
using model::Event;
using model::Region;

// The part of the file that only free-threaded builds compile and that this line is in, or null.
static const Region* region_of(const Audit& audit, const model::Span& span, const model::Span& whole) {
  for (const Region& region : audit.facts().regions) {
    if (!region.taken || region.file != span.file || span.line < region.first_line || span.line > region.last_line)
      continue;
    const bool whole_function = whole.line >= region.first_line && whole.end_line <= region.last_line;
    if (!whole_function && capi::names_free_threading(region.condition)) return &region;
  }
  return nullptr;
}

// State that other threads can reach is used with the lock held and the thread state let go.
static EventId used_detached(const Audit& audit, FunctionId id, const Lock& lock) {
  const model::Function& function = audit.program().function(id);
  bool detached = lock.detached;
  for (const EventId e : function.events.ids(lock.acquired + 1)) {
    const Event& event = function.events[e];
    if (const capi::ThreadCall* call = capi::thread_call(event.callee)) {
      if (call->does == capi::ThreadCall::Does::detach) detached = true;
      if (call->does == capi::ThreadCall::Does::attach) detached = false;
    }
    const analysis::Locks& held = audit.held().at(id, e);
    if (!detached || (event.kind != Event::Kind::write && event.kind != Event::Kind::read) ||
        event.place == model::none || event.atomic)
      continue;
    if (std::find(held.begin(), held.end(), lock) == held.end()) continue;
    const model::Place& place = function.places[event.place];
    const bool shared =
        place.root == model::Place::Root::global
            ? !audit.facts().globals[place.global].type.is_const && !audit.facts().globals[place.global].is_thread_local
            : place.steps.size() > 1;
    if (shared) return e;
  }
  return analysis::none;
}

static void judge(const Audit& audit, Report& report, FunctionId id, const Lock& lock) {
  const model::Function& function = audit.program().function(id);
  const Region* around = region_of(audit, function.events[lock.acquired].span, function.span);
  const std::string name = analysis::lock_text(audit, id, lock);
  EventId released = analysis::none;
  for (EventId e = lock.acquired + 1; e < function.events.next_id() && released == analysis::none; ++e) {
    const capi::LockCall* call = audit.program().lock_call(function.events[e].callee);
    if (call == nullptr || call->does != capi::LockCall::Does::release || function.events[e].implicit) continue;
    const int which = call->token >= 0 ? call->token : call->lock;
    if (which >= static_cast<int>(function.events[e].operands.size())) continue;
    const std::string what = audit.values(id).identity(function.events[e].operands[static_cast<std::size_t>(which)], e);
    if (what == (call->token >= 0 ? lock.token : lock.what)) released = e;
  }
  const Region* back =
      released == analysis::none ? nullptr : region_of(audit, function.events[released].span, function.span);
  if (released != analysis::none && (around == nullptr) != (back == nullptr)) {
    Finding& finding =
        add_at(report, audit, {id, around != nullptr ? lock.acquired : released},
               around != nullptr ? name + " is taken only in free-threaded builds, and let go in all of them"
                                 : name + " is let go only in free-threaded builds, and taken in all of them");
    place_at_lock(finding, name, analysis::lock_name(audit, id, lock));
    finding.instead = "put both under the same condition, or under none: PyMutex works in every build from 3.13 on";
    finding.trace.push_back({audit.location(Site{id, around != nullptr ? released : lock.acquired}),
                             around != nullptr ? "it is let go here" : "it is taken here"});
    return;
  }
  if (around == nullptr) return;
  const EventId use = used_detached(audit, id, lock);
  if (use == analysis::none) return;
  Finding& finding = add_at(report, audit, {id, lock.acquired},
                            name +
                                " is taken only in free-threaded builds, but what it guards is used where a build with "
                                "the GIL has let the GIL go");
  place_at_lock(finding, name, analysis::lock_name(audit, id, lock));
  finding.instead = "take the lock in every build: PyMutex is there from 3.13 on, with and without the GIL";
  finding.trace.push_back({audit.location(Site{id, use}), "used here, with the thread state let go"});
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](FunctionId id) {
    if (!audit.held().is_busy(id)) return;
    const model::Function& function = audit.program().function(id);
    for (EventId e; function.events.has(e + 1); ++e) {
      const std::vector<Lock> taken = audit.held().taken_by(id, e);
      if (taken.empty() || analysis::is_section(taken[0])) continue;
      report.site();
      // As it is just behind the acquisition: with what the thread was doing.
      for (const Lock& lock : audit.held().at(id, e + 1))
        if (lock.acquired == e) judge(audit, report, id, lock);
    }
  });
}

extern const Rule conditional_lock_mismatch{
    {.id = "FT412",
     .name = "conditional-lock-mismatch",
     .category = Category::mutex_deadlock,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A lock is taken in some builds only, and missing where it is needed or left over where it is not",
     .why = "the build without the lock has code that the lock was to protect, or lets go of a lock it never took",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
