#include "analysis/attached_waits.h"

#include <algorithm>

#include "analysis/private_place.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

namespace {

// A guard over a class of the project, whose lock() waits for a lock that lets go of the thread state.
bool detaches_inside(const Audit& audit, const Event& guard) {
  if (guard.instance.empty() || audit.program().record(guard.instance) == nullptr) return false;
  const auto& functions = audit.program().facts.functions;
  const auto lock = std::ranges::find(functions, guard.instance + "::lock", &model::Function::name);
  if (lock == functions.end()) return false;
  bool any = false;
  for (const Event& event : lock->events) {
    const LockCall* call = is_call(event) ? audit.program().lock_call(event.callee) : nullptr;
    if (call == nullptr || call->does != LockCall::Does::acquire) continue;
    if (!call->safe_attached) return false;
    any = true;
  }
  return any;
}

}  // namespace

const LockCall* waits_attached(const Audit& audit, const Event& event) {
  const LockCall* call = is_call(event) ? audit.program().lock_call(event.callee) : nullptr;
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

std::string name_of_lock(const model::Function& function, const Operand& lock) {
  if (lock.place == none) return "";
  const model::Place& place = function.places[lock.place];
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == model::Step::Kind::field) return step->record + "." + step->field;
  if (place.root == model::Place::Root::global) return "global " + std::to_string(place.global.n);
  return "";
}

// On the way to where the path ends stands a reference to another object, which others may have as well.
static bool goes_by_reference(const Audit& audit, const View& view, const Path& path) {
  for (std::size_t i = 1; i < path.steps.size(); ++i) {
    const model::Step &field = path.steps[i - 1], &step = path.steps[i];
    if (step.kind != model::Step::Kind::deref || field.kind != model::Step::Kind::field) continue;
    const model::Record* record = audit.program().record(field.record);
    if (record != nullptr && std::ranges::any_of(record->fields, [&](const model::Field& one) {
          return one.name == field.field && one.type.to_object;
        }))
      return true;
  }
  if (path.root != Path::Root::given || path.number >= view.roots.size()) return false;
  const Root& root = view.roots[path.number];
  return root.to_object && !root.led.steps.empty();
}

bool is_of_own_object(const Audit& audit, const Site& site, const Operand& lock) {
  const Path own = path_of(audit.program().function(site.function), audit.values(site.function), lock, site.event);
  const std::vector<ViewId>& views = audit.views().of(site.function);
  return !views.empty() && std::ranges::all_of(views, [&](ViewId number) {
    const View& view = audit.views().view(number);
    const Path path = audit.views().lifted(view, own);
    return !goes_by_reference(audit, view, path) && is_in_private_object(audit.views(), view, path, site.event);
  });
}

std::map<std::string, Site> held_across_calls(const Audit& audit) {
  std::map<std::string, Site> found;
  audit.each_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    std::map<EventId, std::string> names;
    for (const EventId e : function.events.ids())
      if (const LockCall* call = waits_attached(audit, function.events[e]))
        names[e] = name_of_lock(function, function.events[e].operands[static_cast<std::size_t>(call->lock)]);
    if (names.empty()) return;
    for (const EventId e : function.events.ids()) {
      // A lock that neither detaches nor runs anything while it waits for another.
      if (!is_call(function.events[e]) || waits_attached(audit, function.events[e]) != nullptr ||
          !(audit.suspension().event(function, function.events[e]) || audit.attached().changes({id, e})))
        continue;
      for (const Lock& lock : audit.held().at(id, e))
        if (const auto at = names.find(lock.acquired); at != names.end() && !at->second.empty() && lock.acquired != e)
          found.emplace(at->second, Site{id, e});
    }
  });
  return found;
}

}  // namespace ftaudit::analysis
