#include <algorithm>
#include <map>

#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using capi::LockCall;
using model::Event;
using model::Operand;

// A guard over a class of the project, whose lock() waits for a lock that lets go of the thread state.
static bool detaches_inside(const Audit& audit, const Event& guard) {
  if (guard.instance.empty() || audit.program().record(guard.instance) == nullptr) return false;
  const auto& functions = audit.program().facts.functions;
  const auto lock = std::ranges::find(functions, guard.instance + "::lock", &model::Function::name);
  if (lock == functions.end()) return false;
  bool any = false;
  for (const Event& event : lock->events) {
    const LockCall* call = analysis::is_call(event) ? audit.program().lock_call(event.callee) : nullptr;
    if (call == nullptr || call->does != LockCall::Does::acquire) continue;
    if (!call->safe_attached) return false;
    any = true;
  }
  return any;
}

// Waits without letting go of the thread state.
static const LockCall* waits(const Audit& audit, const Event& event) {
  const LockCall* call = analysis::is_call(event) ? audit.program().lock_call(event.callee) : nullptr;
  if (call == nullptr || call->does != LockCall::Does::acquire || call->safe_attached ||
      call->kind == LockCall::Kind::file || call->kind == LockCall::Kind::critical_section)
    return nullptr;
  // Guards with a tag take a lock that is held, take it later, or only try.
  if (event.callee == "std::unique_lock::unique_lock" && event.operands.size() > 2) return nullptr;
  if (event.callee == "std::lock_guard::lock_guard" && event.operands.size() > 2) return nullptr;
  if (detaches_inside(audit, event)) return nullptr;
  if (call->lock < 0 || call->lock >= static_cast<int>(event.operands.size())) return nullptr;
  if (call->kind == LockCall::Kind::os_lock && event.operands.size() > 1 &&
      event.operands[1].kind == Operand::Kind::number && event.operands[1].number == 0)
    return nullptr;
  return call;
}

// Names one mutex, or the mutexes in one field, wherever they are locked; "" for what cannot be named.
static std::string name_of_lock(const model::Function& function, const Operand& lock) {
  if (lock.place == model::none) return "";
  const model::Place& place = function.places[lock.place];
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == model::Step::Kind::field) return step->record + "." + step->field;
  if (place.root == model::Place::Root::global) return "global " + std::to_string(place.global.n);
  return "";
}

// What may keep the holder of each lock from going on until somebody else has let go of the thread state: by name of
// the lock.
static std::map<std::string, Site> held_across(const Audit& audit) {
  std::map<std::string, Site> found;
  audit.each_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    std::map<EventId, std::string> names;
    for (EventId e = 0; e < function.events.size(); ++e)
      if (const LockCall* call = waits(audit, function.events[e]))
        names[e] = name_of_lock(function, function.events[e].operands[static_cast<std::size_t>(call->lock)]);
    if (names.empty()) return;
    for (EventId e = 0; e < function.events.size(); ++e) {
      if (!analysis::is_call(function.events[e]) ||
          !(audit.suspension().event(function, function.events[e]) || audit.attached().changes({id, e})))
        continue;
      for (const analysis::Lock& lock : audit.held().at(id, e))
        if (const auto at = names.find(lock.acquired); at != names.end() && !at->second.empty() && lock.acquired != e)
          found.emplace(at->second, Site{id, e});
    }
  });
  return found;
}

static void check(const Audit& audit, Report& report) {
  std::map<std::string, Site> across;
  bool known = false;
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (EventId e = 0; e < function.events.size(); ++e) {
      const LockCall* call = waits(audit, function.events[e]);
      if (call == nullptr) continue;
      report.site();
      const Site site{id, e};
      if (!audit.attached().surely_attached(site)) continue;
      if (!known) across = held_across(audit), known = true;
      const Operand& lock = function.events[e].operands[static_cast<std::size_t>(call->lock)];
      const auto held = across.find(name_of_lock(function, lock));
      // Who holds the lock lets go of it by itself soon: nobody waits for long.
      if (held == across.end()) continue;
      std::string name = audit.text(site, lock);
      if (name.starts_with("&")) name.erase(0, 1);
      const std::string what = audit.event(held->second).callee.empty() ? "a call" : audit.event(held->second).callee;
      Finding& finding = add_at(report, audit, site,
                                function.events[e].callee + " waits for " + name +
                                    " while the thread is attached, and the lock is held elsewhere across " + what);
      finding.place = name;
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
