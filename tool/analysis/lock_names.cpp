#include "analysis/lock_names.h"

#include <algorithm>

#include "analysis/attached_waits.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;
using model::Place;
using model::Step;

std::vector<Operand> lock_operands(const Audit& audit, FunctionId id, EventId acquired) {
  const model::Function& function = audit.program().function(id);
  const auto named = [&](EventId at) {
    std::vector<Operand> out;
    const Event& event = function.events[at];
    const LockCall* call = audit.program().lock_call(event.callee);
    if (call == nullptr || call->lock < 0) return out;
    const int last = call->second_lock < 0 ? call->lock : static_cast<int>(event.operands.size()) - 1;
    for (int i = call->lock; i <= last && i < static_cast<int>(event.operands.size()); ++i)
      out.push_back(event.operands[static_cast<std::size_t>(i)]);
    return out;
  };
  const Event& event = function.events[acquired];
  const LockCall* call = audit.program().lock_call(event.callee);
  if (call == nullptr || call->lock >= 0 || call->token < 0 || event.operands.empty()) return named(acquired);
  // guard.lock(): the mutex that the guard was made with.
  const std::string token = audit.values(id).identity(event.operands[static_cast<std::size_t>(call->token)], acquired);
  for (EventId e; e < acquired; ++e)
    if (!named(e).empty() && audit.program().lock_call(function.events[e].callee)->token >= 0 &&
        audit.values(id).identity(function.events[e].operands[0], e) == token)
      return named(e);
  return {};
}

// The operand that has this identity, of the acquisition where it was taken.
static Operand operand_of(const Audit& audit, FunctionId id, const Lock& lock) {
  if (lock.acquired == none) return {};
  const std::vector<Operand> all = lock_operands(audit, id, lock.acquired);
  for (const Operand& operand : all)
    if (audit.values(id).identity(operand, lock.acquired) == lock.what) return operand;
  return all.empty() ? Operand{} : all[0];
}

std::string lock_text(const Audit& audit, FunctionId id, const Lock& lock) {
  if (lock.acquired == none) return "a lock of the caller";
  const Event& event = audit.program().function(id).events[lock.acquired];
  const Operand operand = operand_of(audit, id, lock);
  if (operand.kind == Operand::Kind::unknown)
    return audit.program().lock_call(event.callee) != nullptr || event.callee.empty()
               ? "a lock"
               : "the lock that " + event.callee + "() takes";
  const std::string text = audit.text({id, lock.acquired}, operand);
  return text.starts_with("&") ? text.substr(1) : text;
}

static std::string name_of(const Audit& audit, const Place& place) {
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == Step::Kind::field) return step->record + "." + step->field;
  if (place.root == Place::Root::global) return audit.facts().globals[place.global].name;
  return "";
}

std::string lock_name(const Audit& audit, FunctionId id, const Operand& operand) {
  return operand.place == none ? "" : name_of(audit, audit.program().function(id).places[operand.place]);
}

std::string lock_name(const Audit& audit, FunctionId id, const Lock& lock) {
  if (std::string name = lock_name(audit, id, operand_of(audit, id, lock)); !name.empty()) return name;
  // A local pointer to a lock, or a lock that a callee takes: by what its identity ends in.
  const std::string& what = lock.what;
  const std::size_t dot = what.rfind('.');
  if (dot != std::string::npos) return what.substr(dot);
  const std::string bare = what.starts_with("&") ? what.substr(1) : what;
  if (bare.starts_with("g")) {
    const model::GlobalId global(std::stoul(bare.substr(1)));
    if (audit.facts().globals.has(global)) return audit.facts().globals[global].name;
  }
  return "";
}

// A variable of the function's own, by its address.
static bool names_own(const model::Function& function, const Operand& operand) {
  if (operand.place == none || operand.kind != Operand::Kind::address) return false;
  const Place& place = function.places[operand.place];
  if (place.root != Place::Root::variable) return false;
  const model::Variable& variable = function.variables[place.variable];
  return variable.storage == model::Storage::local && !variable.by_reference &&
         (place.steps.empty() || place.steps[0].kind != Step::Kind::deref);
}

bool is_own(const Audit& audit, FunctionId id, const Lock& lock) {
  const Operand operand = operand_of(audit, id, lock);
  const model::Function& function = audit.program().function(id);
  if (names_own(function, operand)) return true;
  // Of the call that made the lambda.
  if (operand.place == none || operand.kind != Operand::Kind::address) return false;
  const Place& place = function.places[operand.place];
  if (place.root != Place::Root::variable || !function.variables[place.variable].by_reference) return false;
  const Operand* captured = audit.program().captured(id, place.variable);
  return captured != nullptr && names_own(audit.function({audit.program().creation(id).in, none}), *captured);
}

bool only_tries(const model::Function& function, const Event& event, const Program& program) {
  const LockCall* call = program.lock_call(event.callee);
  if (call == nullptr || call->does == LockCall::Does::try_acquire) return true;
  if (call->waits >= 0) {
    const auto waits = static_cast<std::size_t>(call->waits);
    return event.operands.size() > waits && event.operands[waits].kind == Operand::Kind::number &&
           event.operands[waits].number == 0;
  }
  return std::any_of(event.operands.begin(), event.operands.end(), [&](const Operand& operand) {
    if (operand.place == none || function.places[operand.place].root != model::Place::Root::global) return false;
    const std::string& name = program.facts.globals[function.places[operand.place].global].name;
    return name == "std::try_to_lock" || name == "std::adopt_lock" || name == "std::defer_lock";
  });
}

static bool is_made_for_its_owner(const Audit& audit, const model::Function& function, const Operand& lock) {
  if (lock.kind == Operand::Kind::address) return true;
  const std::string name = name_of_lock(function, lock);
  if (name.find('.') == std::string::npos) return false;
  const auto is_written = [&](const model::Function& writer, const Event& event) {
    return event.kind == Event::Kind::write && event.place != none && !event.operands.empty() &&
           name_of_lock(writer, {.kind = Operand::Kind::place, .place = event.place}) == name;
  };
  for (const FunctionId id : audit.facts().functions.ids()) {
    const model::Function& writer = audit.program().function(id);
    for (const EventId e : writer.events.ids())
      if (const Event& event = writer.events[e]; is_written(writer, event) &&
                                                 event.operands[0].kind != Operand::Kind::null &&
                                                 !audit.values(id).identity(event.operands[0], e).starts_with("c"))
        return false;
  }
  return true;
}

bool is_made_for_its_owner(const Audit& audit, const Site& acquired) {
  return std::ranges::all_of(lock_operands(audit, acquired.function, acquired.event), [&](const Operand& lock) {
    return is_made_for_its_owner(audit, audit.function(acquired), lock);
  });
}

Waited::Waited(const Audit& audit) : audit_(audit) {
  audit.each_concurrent_function([&](FunctionId id) {
    if (!audit.held().is_busy(id) || audit.shared().only_initialises(id)) return;
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids())
      if (is_call(function.events[e]) && !only_tries(function, function.events[e], audit.program()))
        for (const Lock& lock : audit.held().taken_by(id, e)) {
          if (is_nobody_elses({id, e})) continue;
          const bool detached = audit.attached().surely_detached({id, e});
          (detached && audit.contexts().exclusive(id) ? by_finalizers_ : fields_).insert(field(id, lock));
          // What a function of the project takes is looked at in there.
          if (audit.program().find(function.events[e].callee_key) == none && !detached)
            attached_.insert(field(id, lock));
        }
  });
}

// Of an object that this thread alone has: one that is being made, or goes away.
bool Waited::is_nobody_elses(const Site& site) const {
  const std::vector<Operand> locks = lock_operands(audit_, site.function, site.event);
  return !locks.empty() && is_made_for_its_owner(audit_, site) &&
         std::ranges::all_of(locks, [&](const Operand& lock) { return is_of_own_object(audit_, site, lock); });
}

// Without the record, which is not known of every lock that a callee takes.
std::string Waited::field(FunctionId id, const Lock& lock) const {
  const std::string name = lock_name(audit_, id, lock);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot);
}

bool Waited::is_in(const std::set<std::string>& fields, FunctionId id, const Lock& lock) const {
  const std::string wanted = field(id, lock);
  return wanted.empty() || fields.contains(wanted) || fields.contains("");
}

}  // namespace ftaudit::analysis
