#include "analysis/entry_names.h"

#include <algorithm>

#include "analysis/field_writes.h"
#include "analysis/settled_answers.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// A place that callers have a name for.
bool is_theirs(const std::string& place) { return place.starts_with("p") || place.starts_with("g"); }

// A local's name without the event that gave it what it holds: the place stays the same.
std::string place_name(const std::string& name) {
  const std::size_t event = name.starts_with('v') ? name.find('@') : std::string::npos;
  if (event == std::string::npos) return name;
  return name.substr(0, event) + name.substr(std::min(name.find_first_not_of("0123456789", event + 1), name.size()));
}

// A field of a local, "v0.owns": nobody else has it in hand.
bool is_own_field(const std::string& name) {
  return name.starts_with('v') && name.find('.') != std::string::npos && name.find_first_of("*[@") == std::string::npos;
}

bool is_memory(const std::string& place) { return place.starts_with("g") || place.find('*') != std::string::npos; }

// The lock is found through the pointer.
bool leads_to(const std::string& lock, const std::string& pointer) {
  const std::string_view what = std::string_view(lock).substr(lock.starts_with('&'));
  return what.starts_with(pointer) &&
         (what.size() == pointer.size() ? !lock.starts_with('&') : what[pointer.size()] == '*');
}

// A lock that is held is not NULL, nor is what leads to it.
bool leads_to_held(const World& world, const std::string& place) {
  return std::any_of(world.open.begin(), world.open.end(),
                     [&](const Lock& lock) { return !is_claim(lock) && leads_to(lock.what, place); });
}

}  // namespace

EntryNames::EntryNames(const LockTerms& terms, const Program& program, FunctionId id, const Conditions& conditions)
    : terms_(terms), program_(program), id_(id), function_(program.function(id)), conditions_(conditions) {
  for (const model::Block& block : function_.blocks) {
    if (block.condition == none) continue;
    const Conditions::Said said = conditions_.says(block.condition, true);
    std::string name;
    if (said.place != none) {
      name = terms_.values(id_).identity(function_.places[said.place], block.condition);
      if (!is_theirs(name)) continue;
      name += said.bits;
    } else if (said.call != none && terms_.settled().answers_alike(function_.events[said.call])) {
      name = SettledAnswers::name(function_.events[said.call]);
    } else {
      continue;
    }
    want(name);
    asked_.emplace(block.condition, std::move(name));
  }
  if (function_.has_this) want_own_fields();
}

void EntryNames::want_own_fields() {
  for (const EventId e : function_.events.ids()) {
    const Event& event = function_.events[e];
    if (event.kind != Event::Kind::write || event.place == none || event.is_update() || event.operands.empty())
      continue;
    const model::Place& place = function_.places[event.place];
    if (place.type.kind != model::Type::Kind::scalar || place.root != model::Place::Root::variable) continue;
    if (const std::string name = terms_.values(id_).identity(place, e); name.starts_with("p0*.")) want(name);
  }
}

void EntryNames::want(const std::string& place) {
  if (const std::string name = place_name(place); is_theirs(name) || is_own_field(name)) wanted_.insert(name);
}

void EntryNames::note(const std::string& identity, Touched& touched) const {
  const std::string_view place = std::string_view(identity).substr(identity.starts_with('&'));
  for (const std::string& name : wanted_)
    if (place.starts_with(name) && place.size() > name.size() && place[name.size()] == '*')
      touched.followed.push_back(name);
}

void EntryNames::settle() {
  if (wanted_.empty()) return;
  const Values& values = terms_.values(id_);
  for (const EventId e : function_.events.ids()) {
    const Event& event = function_.events[e];
    Touched touched;
    for (const Operand& operand : event.operands)
      if (event.kind != Event::Kind::compare &&
          (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address))
        note(values.identity(operand, e), touched);
    if (event.place != none && (event.kind == Event::Kind::read || event.kind == Event::Kind::write)) {
      const model::Place& place = function_.places[event.place];
      const std::string identity = values.identity(place, e), key = FieldWrites::key(place);
      note(identity, touched);
      for (const std::string& name : wanted_)
        if (event.kind == Event::Kind::write && name == place_name(identity) && !event.is_update() &&
            (is_own_field(name) || (function_.has_this && name.starts_with("p0*."))))
          touched.set.push_back(name);
        else if (event.kind == Event::Kind::write &&
                 (lies_in(name, identity) || (!key.empty() && FieldWrites::key(name) == key)))
          touched.changed.push_back(name);
    }
    if (const FunctionId callee = is_call(event) ? program_.find(event.callee_key) : none; callee != none)
      for (const std::string& name : wanted_)
        if ((is_memory(name) || is_own_field(name)) && terms_.writes().may_change(callee, FieldWrites::key(name)))
          touched.changed.push_back(name);
    if (!touched.followed.empty() || !touched.changed.empty() || !touched.set.empty())
      touched_.emplace(e, std::move(touched));
  }
}

bool EntryNames::assume(World& world, EventId compare, bool outcome) const {
  const auto asked = asked_.find(compare);
  if (asked == asked_.end()) return true;
  const Known said = conditions_.says(compare, outcome).value;
  if (said == Known{true, 0} && leads_to_held(world, asked->second)) return false;
  return world.entry.learn(asked->second, said);
}

bool EntryNames::pass(World& world, EventId event) const {
  const auto touched = touched_.find(event);
  if (touched == touched_.end()) return true;
  for (const std::string& name : touched->second.followed)
    if (!world.entry.learn(name, {false, 0})) return false;
  for (const std::string& name : touched->second.changed) world.entry.change(name);
  for (const std::string& name : touched->second.set) {
    const std::vector<Operand>& operands = function_.events[event].operands;
    if (Known value; !operands.empty() && conditions_.value(world, operands[0], value)) world.entry.set(name, value);
    else world.entry.change(name);
  }
  return true;
}

void EntryNames::leave(World& world, const Ending& ending) const {
  for (const Need& left : ending.leaves)
    if (const std::string name = place_name(left.place); wanted_.contains(name)) world.entry.set(name, left.value);
}

void EntryNames::answer(World& world, EventId call) const {
  const FunctionId callee = program_.find(function_.events[call].callee_key);
  if (wanted_.empty() || callee == none || callee == id_ || function_.events[call].is_virtual) return;
  const model::Function& member = program_.function(callee);
  if (!member.has_this) return;
  std::string field;
  for (const EventId e : member.events.ids()) {
    const Event& event = member.events[e];
    if (event.kind != Event::Kind::leave) continue;
    if (event.operands.empty() || event.operands[0].kind != Operand::Kind::place) return;
    const std::string left = terms_.values(callee).identity(event.operands[0], e);
    if (left.empty() || (!field.empty() && field != left)) return;
    field = left;
  }
  const std::string name = place_name(terms_.in_caller(id_, call, field));
  if (!is_own_field(name) || !wanted_.contains(name)) return;
  const std::map<std::string, Known> now = world.entry.now();
  if (const auto known = now.find(name); known != now.end()) conditions_.learn(world, call, known->second);
}

bool EntryNames::meets(World& world, EventId call, const Ending& ending) const {
  for (const Need& need : ending.needs) {
    const std::vector<Operand>& given = function_.events[call].operands;
    if (Known now; need.argument >= 0 && static_cast<std::size_t>(need.argument) < given.size() &&
                   conditions_.value(world, given[static_cast<std::size_t>(need.argument)], now) &&
                   !agrees(now, need.value))
      return false;
    const bool null = need.value == Known{true, 0};
    if (null && (need.place.starts_with('&') || (!need.place.empty() && leads_to_held(world, need.place))))
      return false;
    const std::string name = place_name(need.place);
    if (wanted_.contains(name) && !world.entry.learn(name, need.value)) return false;
  }
  for (const std::string& lock : ending.released)
    for (const std::string& name : wanted_)
      if (leads_to(lock, name) && !world.entry.learn(name, {false, 0})) return false;
  return true;
}

void EntryNames::go_round(World& world, EventId first, EventId last) const {
  for (auto asked = asked_.lower_bound(first); asked != asked_.end() && asked->first < last; ++asked)
    if (is_memory(asked->second) && !SettledAnswers::is_name(asked->second)) world.entry.change(asked->second);
}

}  // namespace ftaudit::analysis
