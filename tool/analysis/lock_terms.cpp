#include "analysis/lock_terms.h"

#include <algorithm>
#include <optional>

#include "analysis/chosen_locks.h"
#include "analysis/field_writes.h"
#include "analysis/handmade_locks.h"
#include "analysis/path.h"
#include "analysis/settled_answers.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

bool publishes(const Event& event) {
  return event.kind == Event::Kind::write && event.atomic && event.op == Event::Operator::assign &&
         event.order >= model::Order::release && !event.operands.empty() &&
         event.operands[0].kind == Operand::Kind::number && event.operands[0].number != 0;
}

LockTerms::LockTerms(const Program& program, const Suspension& suspension)
    : program_(program),
      suspension_(suspension),
      values_(program.facts.functions.size()),
      returned_(program.facts.functions.size()),
      returned_known_(program.facts.functions.size(), false),
      busy_(program.facts.functions.size(), false),
      claims_(program, suspension, [this](FunctionId id) -> const Values& { return values(id); }),
      writes_(std::make_unique<FieldWrites>(program)),
      settled_(std::make_unique<SettledAnswers>(program)) {
  handmade_ = std::make_unique<HandmadeLocks>(
      program_, *writes_, [this](FunctionId id) -> const Values& { return values(id); },
      [this](FunctionId id, EventId at) { return taken_by(id, at); });
  find_busy();
  // `struct NoMutex { void lock() {} void unlock() {} };`
  for (const model::Function& function : program.facts.functions)
    if (function.has_this && function.body_known && function.events.empty() && function.name.ends_with("::lock"))
      no_locks_.insert(function.name.substr(0, function.name.size() - 6));
  find_ready_flags();
}

LockTerms::~LockTerms() = default;

void LockTerms::find_busy() {
  for (const FunctionId id : busy_.ids()) {
    const auto& events = program_.function(id).events;
    busy_[id] = std::any_of(events.begin(), events.end(), [&](const Event& event) {
      return (is_call(event) && (program_.lock_call(event.callee) != nullptr ||
                                 capi::thread_call(event.callee) != nullptr || capi::runs_once(event.callee))) ||
             publishes(event) || (event.once && is_call(event)) ||
             (event.kind == Event::Kind::read && event.atomic && event.order != model::Order::relaxed);
    });
    busy_[id] = busy_[id] || !claims_.in(id).empty() || handmade_->is_in(id);
  }
  busy_ = program_.with_callers(std::move(busy_));
}

void LockTerms::find_ready_flags() {
  for (const FunctionId id : busy_.ids()) {
    if (!busy_[id]) continue;
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.op != Event::Operator::assign || event.atomic ||
          event.place == none || event.operands.empty() || constant(event.operands[0]).value_or(0) == 0)
        continue;
      const model::Place& place = function.places[event.place];
      if (place.type.kind != model::Type::Kind::scalar || place.type.is_atomic) continue;
      const std::string key = FieldWrites::key(place);
      if (key.empty() || ready_flags_.contains(key)) continue;
      bool asked = false;
      values(id).each_condition(e, [&](EventId compare, bool) {
        const std::vector<Operand>& operands = function.events[compare].operands;
        asked |= !operands.empty() && operands[0].kind == Operand::Kind::place && operands[0].place == event.place;
      });
      if (asked && writes_->only_number(key)) ready_flags_.insert(key);
    }
  }
}

const Values& LockTerms::values(FunctionId id) const {
  if (values_[id] == nullptr)
    values_[id] =
        std::make_unique<Values>(program_, suspension_, id, [this](FunctionId callee) { return returned(callee); });
  return *values_[id];
}

const Path* LockTerms::returned(FunctionId id) const {
  if (returned_known_[id]) return returned_[id].get();
  returned_known_[id] = true;  // asked again on the way (recursion): nothing
  const model::Function& function = program_.function(id);
  if (function.result.kind == model::Type::Kind::scalar) return nullptr;
  std::optional<Path> found;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::leave || event.operands.empty()) continue;
    const Operand& value = event.operands[0];
    if (value.kind == Operand::Kind::null || (value.kind == Operand::Kind::number && value.number == 0)) continue;
    Path path = path_of(function, values(id), value, e);
    const bool named = path.root == Path::Root::global || path.root == Path::Root::parameter;
    if (!named || (found && (found->text() != path.text() || found->is_address != path.is_address))) return nullptr;
    found = std::move(path);
  }
  if (found) found->at = none, returned_[id] = std::make_unique<Path>(std::move(*found));
  return returned_[id].get();
}

std::string LockTerms::initialised_by(FunctionId id, EventId at) const {
  const Event& event = program_.function(id).events[at];
  if (!event.once || !is_call(event) || event.operands.empty()) return {};
  const std::string object = values(id).identity(event.operands[0], at);
  return object.starts_with("&g") ? object : std::string();
}

// A lambda that is called where it was made: what it captured is ours.
std::string LockTerms::captured_by(FunctionId caller, EventId call, std::uint32_t variable) const {
  const FunctionId callee = program_.find(program_.function(caller).events[call].callee_key);
  if (callee == none || !program_.function(callee).is_lambda || program_.creation(callee).in != caller) return "";
  const Operand* captured = program_.captured(callee, variable);
  return captured == nullptr ? "" : values(caller).identity(*captured, program_.creation(callee).event);
}

// What the constructor, or one that it hands on to, binds the field of its object to, in its terms; "" for anything
// but a parameter or what is found from one.
std::string LockTerms::bound_in(FunctionId constructor, const std::string& field, int depth) const {
  const model::Function& function = program_.function(constructor);
  std::string found;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    std::string here;
    if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty() && !event.is_update()) {
      if (values(constructor).identity(function.places[event.place], e) != "p0*." + field) continue;
      here = values(constructor).identity(event.operands[0], e);
    } else if (is_call(event) && depth < 3 && !event.operands.empty()) {
      const FunctionId callee = program_.find(event.callee_key);
      if (callee == none || !program_.function(callee).is_constructor) continue;
      if (values(constructor).identity(event.operands[0], e) != "p0") continue;
      here = bound_in(callee, field, depth + 1);
      if (here.empty()) continue;
      here = in_caller(constructor, e, here);
    } else {
      continue;
    }
    if (here.empty() || !found.empty()) return {};
    found = std::move(here);
  }
  return found.starts_with("p0") ? std::string() : found;
}

// The call is given the object to construct: a local, or what goes by the call itself.
static bool makes(const model::Function& function, EventId call, const std::string& object) {
  const Operand& made = function.events[call].operands[0];
  if (made.kind == Operand::Kind::unknown) return object == "c" + std::to_string(call.n);
  if (made.kind != Operand::Kind::address) return false;
  const model::Place& place = function.places[made.place];
  return place.root == model::Place::Root::variable && place.steps.empty() &&
         "v" + std::to_string(place.variable) == object;
}

// A guard's field, "v2.mutex*", is what its constructor was given; of "c5.mutex*" the constructor is called by event 5,
// for what the function returns or for a temporary. As it is where that cannot be told.
std::string LockTerms::made_with(FunctionId caller, const std::string& name) const {
  const std::size_t point = name.find('.');
  const std::size_t end = name.find_first_of(".*[", point + 1);
  const std::string object = name.substr(0, std::min(point, name.find('@')));
  if (point == std::string::npos || name.find_first_of("*[") < point) return name;
  const std::string field = name.substr(point + 1, end - point - 1);
  const model::Function& function = program_.function(caller);
  std::string found;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (!is_call(event) || event.operands.empty() || !makes(function, e, object)) continue;
    const FunctionId callee = program_.find(event.callee_key);
    if (callee == none || !program_.function(callee).is_constructor) continue;
    const std::string bound = bound_in(callee, field, 0);
    if (bound.empty() || !found.empty()) return name;
    found = in_caller(caller, e, bound);
  }
  if (found.empty()) return name;
  std::string rest = end == std::string::npos ? "" : name.substr(end);
  if (found.starts_with("&") && rest.starts_with("*")) found.erase(0, 1), rest.erase(0, 1);
  return found + rest;
}

// The callee's parameters in our terms: p0 -> our operand 0.
std::string LockTerms::in_caller(FunctionId caller, EventId call, const std::string& identity) const {
  const bool address = identity.starts_with("&");
  const std::string place = address ? identity.substr(1) : identity;
  if (!place.starts_with("p")) return place.starts_with("g") ? identity : std::string();
  const std::size_t digits = place.find_first_not_of("0123456789", 1);
  const std::vector<Operand>& operands = program_.function(caller).events[call].operands;
  const std::size_t index = std::stoul(place.substr(1, digits - 1));
  std::string argument = index < operands.size() ? values(caller).identity(operands[index], call) : "";
  if (argument.empty()) argument = captured_by(caller, call, static_cast<std::uint32_t>(index));
  std::string rest = digits == std::string::npos ? "" : place.substr(digits);
  // What lies in the local whose address is given: `release(&held)` gives back what held names.
  if (rest.starts_with('*') && index < operands.size() && operands[index].kind == Operand::Kind::address &&
      values(caller).local_of(operands[index]) != none) {
    Operand held = operands[index];
    held.kind = Operand::Kind::place;
    if (std::string value = values(caller).identity(held, call); !value.empty())
      argument = std::move(value), rest.erase(0, 1);
  }
  const FunctionId callee = program_.find(program_.function(caller).events[call].callee_key);
  if (argument.empty() && index == 0 && rest.starts_with("*.") && callee != none &&
      program_.function(callee).is_constructor) {
    const std::string own = "c" + std::to_string(call.n) + rest.substr(1), bound = made_with(caller, own);
    if (bound == own || (address && bound.starts_with("&"))) return {};
    return (address ? "&" : "") + bound;
  }
  if (argument.empty()) return argument;
  if (argument.starts_with("&") && rest.starts_with("*")) argument.erase(0, 1), rest.erase(0, 1);
  std::string name = argument + rest;
  if (name.starts_with("v")) name = made_with(caller, name);
  return address && name.starts_with("&") ? std::string() : (address ? "&" : "") + name;
}

std::string LockTerms::lock_named(FunctionId id, const Operand& operand, EventId at) const {
  return name_of_chosen(program_, id, values(id), values(id).identity(operand, at));
}

Locks LockTerms::taken_by(FunctionId id, EventId at_event) const {
  const model::Function& function = program_.function(id);
  const Event& event = function.events[at_event];
  const LockCall* call = program_.lock_call(event.callee);
  if (call == nullptr || call->does == LockCall::Does::release || no_locks_.contains(event.instance)) return {};
  const auto identity = [&](const Event& of, EventId where, int index) {
    return index >= 0 && index < static_cast<int>(of.operands.size())
               ? lock_named(id, of.operands[static_cast<std::size_t>(index)], where)
               : std::string();
  };
  Lock lock{"?", identity(event, at_event, call->token), call->kind, at_event, call->shared, false};
  if (lock.token.empty() && call->token >= 0 && call->lock >= 1) lock.token = "c" + std::to_string(at_event.n);
  const auto maker = [&](const std::string& guard) {
    EventId made = none;
    for (EventId e; e < at_event; ++e) {
      const LockCall* by = program_.lock_call(function.events[e].callee);
      if (by != nullptr && by->lock >= 0 && by->token >= 0 && identity(function.events[e], e, by->token) == guard)
        made = e;
    }
    return made;
  };
  const Event* names = &event;  // the call that names the mutex: for guard.lock() that is the guard's constructor
  EventId where = at_event;
  const LockCall* by = call;
  if (const EventId made = call->lock < 0 ? maker(lock.token) : none; made != none)
    names = &function.events[made], where = made, by = program_.lock_call(names->callee);
  const auto is_recursive = [&](const Operand& operand) {
    return operand.place != none && function.places[operand.place].type.record.find("recursive") != std::string::npos;
  };
  Locks out;
  const int last = by->second_lock < 0 ? by->lock : static_cast<int>(names->operands.size()) - 1;
  for (int index = by->lock; index >= 0 && index <= last; ++index) {
    lock.what = identity(*names, where, index);
    // std::lock() of guards takes what they were made with, for them.
    if (const EventId made = by->token < 0 && !lock.what.empty() ? maker(lock.what) : none; made != none) {
      lock.token = lock.what;
      const Event& guard = function.events[made];
      lock.what = identity(guard, made, program_.lock_call(guard.callee)->lock);
    }
    if (lock.what.empty() && index > by->lock) continue;
    if (lock.what.empty()) lock.what = "?";  // a guard made without its mutex being nameable still locks something
    lock.recursive = (call->shared && capi::readers_nest(names->callee)) ||
                     names->callee.find("recursive") != std::string::npos ||
                     names->instance.find("recursive") != std::string::npos ||
                     names->callee.find("_nest_") != std::string::npos || names->callee == "EnterCriticalSection" ||
                     (handmade_ != nullptr && index < static_cast<int>(names->operands.size()) &&
                      handmade_->is_taken_again(id, names->operands[static_cast<std::size_t>(index)])) ||
                     names->callee.starts_with("threading.RLock.") ||
                     (index < static_cast<int>(names->operands.size()) &&
                      is_recursive(names->operands[static_cast<std::size_t>(index)]));
    if (std::find(out.begin(), out.end(), lock) == out.end()) out.push_back(lock);
  }
  if (out.empty()) out.push_back(lock);
  return out;
}

}  // namespace ftaudit::analysis
