// LockWalk, the part that knows guards: what they are called, and how they hand on the lock that they hold.
#include <algorithm>

#include "analysis/lock_walk.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

namespace {

std::string record_of_member(const std::string& callee) {
  const std::size_t split = callee.rfind("::");
  return split == std::string::npos ? "" : callee.substr(0, split);
}

bool constructs(const std::string& callee) {
  const std::string record = record_of_member(callee);
  if (record.empty()) return false;
  const std::string own = callee.substr(record.size() + 2);
  return record == own || record.ends_with("::" + own);
}

// What is handed to it by value it has from then on.
bool made_to_hold(const std::string& name) {
  return name == "std::pair" || name == "std::tuple" || name == "std::optional" || name == "std::make_pair" ||
         name == "std::make_tuple" || name == "std::make_optional" || name == "std::unique_ptr" ||
         name == "std::shared_ptr";
}

// It lets go of what it had for what it is given.
bool takes_another(const std::string& callee) { return callee.ends_with("::reset") || callee.ends_with("::operator="); }

bool is_smart(const std::string& record) { return record == "std::unique_ptr" || record == "std::shared_ptr"; }

// A member of a smart pointer that hands what it has to nobody, or to another one that the walk follows.
bool is_kept_by(const Event& member, std::size_t operand) {
  const std::string& callee = member.callee;
  if (operand == 1) return (constructs(callee) || callee.ends_with("::operator=")) && !member.is_const_operand(1);
  return operand == 0 && (constructs(callee) || takes_another(callee) || callee.find("::~") != std::string::npos ||
                          callee.ends_with("::operator->") || callee.ends_with("::operator bool"));
}

}  // namespace

std::vector<std::vector<bool>> given_back_by_object(const model::Function& callee, const std::vector<Ending>& endings) {
  std::vector<std::vector<bool>> out;
  for (const Ending& ending : endings) {
    std::vector<bool>& released = out.emplace_back();
    for (const std::string& what : ending.released)
      released.push_back(callee.has_this && (what.starts_with("p0*.") || what.starts_with("&p0*.")));
  }
  return out;
}

void LockWalk::hand_on(World& world, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (Lock& lock : world.open)
    if (lock.token == from) lock.token = to;
}

// The identity that an object has as an operand, of what a value is written into.
std::string LockWalk::stored_in(const Event& write) const {
  Operand object;
  object.kind = Operand::Kind::address;
  object.place = write.place;
  return terms_.values(id_).identity(object, static_cast<EventId>(&write - function_.events.data()));
}

// A constructor that moves from a guard of its own class.
bool LockWalk::is_made_from_guard(EventId at, const LockCall& lock) const {
  const Event& event = function_.events[at];
  if (lock.token < 0 || lock.lock < 1 || static_cast<std::size_t>(lock.lock) >= event.operands.size()) return false;
  const Operand& given = event.operands[static_cast<std::size_t>(lock.lock)];
  return (given.kind == Operand::Kind::place || given.kind == Operand::Kind::address) &&
         function_.places[given.place].type.record == event.callee.substr(0, event.callee.rfind("::"));
}

// A guard without a name is known by the event that makes it.
std::string LockWalk::guard_of(EventId at) {
  const std::string& named_guard = operand(at, 0);
  return named_guard.empty() ? "c" + std::to_string(at.n) : named_guard;
}

bool LockWalk::makes_guard(FunctionId constructor) {
  const auto [known, is_new] = makes_guard_.try_emplace(constructor, false);
  if (!is_new) return known->second;
  const std::string& name = program_.function(constructor).name;
  const std::size_t split = name.rfind("::");
  if (split == std::string::npos) return false;
  const std::string destructor = name.substr(0, split) + "::~" + name.substr(split + 2);
  bool found = false;
  for (const FunctionId id : program_.facts.functions.ids())
    if (const model::Function& function = program_.function(id); function.is_destructor && function.name == destructor)
      for (const std::vector<bool>& released : given_back_by_object(function, effects_of_(id)))
        found |= std::ranges::find(released, true) != released.end();
  return makes_guard_[constructor] = found;
}

std::string LockWalk::moved_from(EventId at) {
  const Event& event = function_.events[at];
  const std::string record = record_of_member(event.callee);
  if (record.empty() || event.operands.size() < 2) return {};
  const bool assigns = event.callee.ends_with("::operator=");
  if (!constructs(event.callee) && !assigns) return {};
  const Operand& given = event.operands[1];
  const bool named = given.kind == Operand::Kind::place || given.kind == Operand::Kind::address;
  const bool own = named && function_.places[given.place].type.record == record;
  return own || (assigns && given.kind == Operand::Kind::call) ? operand(at, 1) : "";
}

bool LockWalk::was_moved_from(EventId before, const std::string& object) {
  if (object.empty()) return false;
  for (EventId e; e < before; ++e)
    if (is_call(function_.events[e]) && moved_from(e) == object) return true;
  return false;
}

void LockWalk::keep_given(EventId at, World& world) {
  const Event& event = function_.events[at];
  if (world.open.empty()) return;
  if (event.callee.find("::~") != std::string::npos) {
    if (const std::string& object = operand(at, 0); !object.empty())
      std::erase_if(world.open, [&](const Lock& lock) { return lock.token == object; });
    return;
  }
  if (const std::string from = constructs(event.callee) ? moved_from(at) : ""; !from.empty())
    hand_on(world, from, guard_of(at));
  // What may let go of the guard in it, or hand it out to somebody who does.
  if (made_to_hold(record_of_member(event.callee)) && !constructs(event.callee) && !event.is_const_operand(0)) {
    const std::string& object = operand(at, 0);
    if (!object.empty()) std::erase_if(world.open, [&](const Lock& lock) { return lock.token == object; });
    if (!object.empty() && takes_another(event.callee)) hand_on(world, operand(at, 1), object);
  }
  const bool made = made_to_hold(event.callee);
  if (!made && !(constructs(event.callee) && made_to_hold(record_of_member(event.callee)))) return;
  for (std::size_t i = 0; i < event.operands.size(); ++i)
    if (!event.is_const_operand(i) && (i > 0 || made))
      hand_on(world, operand(at, static_cast<int>(i)), made ? "c" + std::to_string(at.n) : guard_of(at));
}

void LockWalk::find_lent() {
  lent_.emplace();
  for (const Event& event : function_.events)
    for (std::size_t i = 0; is_call(event) && i < event.operands.size(); ++i) {
      const Operand& given = event.operands[i];
      if (given.kind != Operand::Kind::place && given.kind != Operand::Kind::address) continue;
      const model::Place& place = function_.places[given.place];
      if (place.root != model::Place::Root::variable || !is_smart(function_.variables[place.variable].type.record))
        continue;
      // What becomes of the guard with its pointer is a call of the guard's own.
      const bool locks = i == 0 && program_.lock_call(event.callee) != nullptr;
      if (locks || (place.steps.empty() ? is_smart(record_of_member(event.callee)) && is_kept_by(event, i)
                                        : i == 0 && event.is_const_operand(0)))
        continue;
      const std::string name = "v" + std::to_string(place.variable);
      lent_->insert(name), lent_->insert("&" + name);
    }
}

void LockWalk::forget_lent(std::vector<World>& worlds) {
  if (std::ranges::all_of(worlds, [](const World& world) { return world.open.empty(); })) return;
  if (!lent_) find_lent();
  for (World& world : worlds) std::erase_if(world.open, [&](const Lock& lock) { return lent_->contains(lock.token); });
}

bool LockWalk::is_of_object(EventId at, const Ending& ending, std::size_t released) {
  const Effect& all = effects_[at];
  const std::vector<std::vector<bool>>& of_object = of_object_[at];
  const auto index = static_cast<std::size_t>(&ending - all.data());
  return index < of_object.size() && released < of_object[index].size() && of_object[index][released];
}

// A guard that has its lock gives it back when it goes: what it does when it has none is no way for it.
std::vector<const Ending*> LockWalk::ways_of(EventId at, FunctionId callee, const World& world) {
  const Effect& all = effect(at, callee);
  std::vector<const Ending*> every, giving;
  const std::string& object = operand(at, 0);
  const bool holds = program_.function(callee).is_destructor && !object.empty() &&
                     std::ranges::any_of(world.open, [&](const Lock& lock) { return lock.token == object; });
  for (const Ending& ending : all) {
    every.push_back(&ending);
    bool gives = false;
    for (std::size_t i = 0; i < ending.released.size(); ++i) gives |= is_of_object(at, ending, i);
    World after = world;
    if (holds && gives && names_.meets(after, at, ending)) giving.push_back(&ending);
  }
  return giving.empty() ? every : giving;
}

// "adopt_lock", "defer_lock", "try_to_lock", or "".
const char* LockWalk::tag(const Event& event) const {
  for (const Operand& operand : event.operands) {
    if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) continue;
    const model::Place& place = function_.places[operand.place];
    if (place.root != model::Place::Root::global || !place.steps.empty()) continue;
    for (const char* name : {"std::adopt_lock", "std::defer_lock", "std::try_to_lock"})
      if (program_.facts.globals[place.global].name == name) return name + 5;
  }
  return "";
}

}  // namespace ftaudit::analysis
