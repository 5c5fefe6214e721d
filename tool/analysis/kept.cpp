#include "analysis/kept.h"

#include <algorithm>
#include <utility>

#include "capi/arguments.h"
#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/module_calls.h"
#include "capi/records.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// A field may hold a container in one object and something else in another, as a flag says. A pointer that is used as
// one of the project's own objects is no container; nor is what is handled as a tuple, and tuples never change.
bool is_own_record(const Program& program, const std::string& name) {
  const model::Record* record = program.record(name);
  return record != nullptr && record->is_object && !capi::is_public_name(name);
}

bool holds_own_object(const Program& program, const model::Function& function, std::uint32_t variable) {
  if (is_own_record(program, function.variables[variable].type.record)) return true;
  return std::any_of(function.places.begin(), function.places.end(), [&](const Place& place) {
    return place.root == Place::Root::variable && place.variable == variable && place.steps.size() > 1 &&
           place.steps[0].kind == Step::Kind::deref && place.steps[1].kind == Step::Kind::field &&
           is_own_record(program, place.steps[1].record);
  });
}

bool is_own_object(const Program& program, const model::Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::place) return false;
  const Place& place = function.places[operand.place];
  return place.root == Place::Root::variable && place.steps.empty() &&
         holds_own_object(program, function, place.variable);
}

}  // namespace

// "Bag.items", "g12"; "" for what is neither a field nor a global of many threads.
std::string Kept::key_of(const Place& place) const {
  if (place.root == Place::Root::global && place.steps.empty())
    return program_.facts.globals[place.global].is_thread_local ? "" : "g" + std::to_string(place.global.n);
  if (place.steps.empty() || place.steps.back().kind != Step::Kind::field) return {};
  return place.steps.back().record + "." + place.steps.back().field;
}

Kept::Kept(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership)
    : program_(program), contexts_(contexts), held_(held), ownership_(ownership) {
  for (const FunctionId id : program.facts.functions.ids()) {
    const model::Function& function = program.function(id);
    for (const EventId e : function.events.ids()) {
      const auto mention = [&](std::uint32_t place) {
        if (place == none || !function.places[place].type.to_object) return;
        const std::string key = key_of(function.places[place]);
        if (key.empty()) return;
        std::vector<Mention>& list = mentions_[key];
        if (list.empty() || list.back().function != id || list.back().event != e) list.push_back({id, e});
      };
      if (function.events[e].kind == Event::Kind::write) mention(function.events[e].place);
      each_operand(function.events[e], [&](const Operand& operand) { mention(operand.place); });
    }
  }
}

bool Kept::settled(FunctionId id, EventId at, const Operand& operand, bool may_grow) const {
  return ask(id, at, operand, {.growth = may_grow});
}
bool Kept::left_to_python(FunctionId id, EventId at, const Operand& operand) const {
  return ask(id, at, operand, {.growth = true, .exposure = true});
}

bool Kept::ask(FunctionId id, EventId at, const Operand& operand, Tolerance tolerance) const {
  const Tolerance outer = std::exchange(tolerance_, tolerance);
  const bool answer = names_settled(id, at, operand);
  tolerance_ = outer;
  return answer;
}

bool Kept::names_settled(FunctionId id, EventId at, const Operand& operand) const {
  if (operand.kind != Operand::Kind::place) return false;
  const Place& place = program_.function(id).places[operand.place];
  if (!key_of(place).empty()) return settled(place);
  // A local that was given the field's value.
  const std::uint32_t local = held_.values(id).local_of(operand);
  if (local == none) return false;
  const std::vector<EventId> given = held_.values(id).definitions(local, at);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId e) {
    const Event* event = e == none ? nullptr : &program_.function(id).events[e];
    if (event == nullptr || event->kind != Event::Kind::write || event->operands.empty()) return false;
    const Operand& value = event->operands[0];
    return value.kind == Operand::Kind::place && held_.values(id).local_of(value) == none &&
           names_settled(id, e, value);
  });
}

bool Kept::settled(const Place& place) const {
  const std::string key = key_of(place);
  std::map<std::string, bool>& known = known_[(tolerance_.growth ? 1 : 0) + (tolerance_.exposure ? 2 : 0)];
  if (const auto it = known.find(key); it != known.end()) return it->second;
  known[key] = false;  // asked again on the way: not sure
  const auto it = mentions_.find(key);
  if (it == mentions_.end() || open_to_python(place)) return false;
  const bool outer = std::exchange(of_global_, place.root == Place::Root::global && place.steps.empty());
  const bool answer = find(it->second, key);
  of_global_ = outer;
  return known[key] = answer;
}

bool Kept::handed_in(FunctionId id, EventId at, const Operand& operand) const {
  if (operand.kind != Operand::Kind::place) return false;
  const model::Function& function = program_.function(id);
  const std::string key = key_of(function.places[operand.place]);
  if (key.empty()) {
    const std::uint32_t local = held_.values(id).local_of(operand);
    if (local == none) return false;
    const std::vector<EventId>& given = held_.values(id).definitions(local, at);
    return std::any_of(given.begin(), given.end(), [&](EventId e) {
      if (e == none || function.events[e].kind != Event::Kind::write || function.events[e].operands.empty())
        return false;
      const Operand& value = function.events[e].operands[0];
      return held_.values(id).local_of(value) == none && handed_in(id, e, value);
    });
  }
  const auto mentions = mentions_.find(key);
  if (mentions == mentions_.end()) return false;
  if (const auto known = handed_in_.find(key); known != handed_in_.end()) return known->second;
  return handed_in_[key] = std::any_of(mentions->second.begin(), mentions->second.end(), [&](const Mention& mention) {
           const model::Function& writer = program_.function(mention.function);
           const Event& event = writer.events[mention.event];
           if (event.kind != Event::Kind::write || event.operands.empty() || key_of(writer.places[event.place]) != key)
             return false;
           const Origin origin = ownership_.of(mention.function, mention.event, event.operands[0]);
           return origin.kind == Origin::Kind::shared && origin.from_python;
         });
}

// Python code gets at the field itself: it is a member descriptor, or the object's __dict__. Such tables name fields by
// their offset, which is compared for every type: rather one too many than one too few.
bool Kept::open_to_python(const Place& place) const {
  if (place.root == Place::Root::global && place.steps.empty()) {
    const model::Global& global = program_.facts.globals[place.global];
    return !global.is_defined;
  }
  const std::string &record = place.steps.back().record, &field = place.steps.back().field;
  const model::Record* owner = program_.record(record);
  if (owner == nullptr) return true;
  const auto it = std::find_if(owner->fields.begin(), owner->fields.end(),
                               [&](const model::Field& candidate) { return candidate.name == field; });
  if (it == owner->fields.end() || it->offset == 0) return true;
  const auto names_it = [&](const model::Row& row, std::string_view cell) {
    return std::any_of(row.cells.begin(), row.cells.end(), [&](const model::Cell& c) {
      return c.field == cell && c.value.kind == Operand::Kind::number &&
             c.value.number == static_cast<std::int64_t>(it->offset);
    });
  };
  // T_OBJECT and T_OBJECT_EX: a number at the same offset belongs to another struct.
  const auto of_object = [](const model::Row& row) {
    return std::none_of(row.cells.begin(), row.cells.end(), [](const model::Cell& c) {
      return c.field == "type" && c.value.kind == Operand::Kind::number && c.value.number != 6 && c.value.number != 16;
    });
  };
  for (const model::Table& table : program_.facts.tables)
    for (const model::Row& row : table.rows)
      if ((capi::record_named(table.record) == capi::Record::member_def && names_it(row, capi::fields::member_offset) &&
           of_object(row)) ||
          (capi::record_named(table.record) == capi::Record::type_object && names_it(row, capi::fields::dict_offset)))
        return true;
  return false;
}

// pickle and copy get it, which take what it holds and let it go (library reference, pickle: object.__reduce__).
static bool is_reduction(const Contexts& contexts, FunctionId id) {
  const EntryPoint* entry = contexts.entry(id);
  return entry != nullptr &&
         (entry->python_name.ends_with(".__reduce__") || entry->python_name.ends_with(".__reduce_ex__"));
}

bool Kept::find(const std::vector<Mention>& mentions, const std::string& key) const {
  bool filled = false;
  for (const auto& [id, e] : mentions) {
    const model::Function& function = program_.function(id);
    const Event& event = function.events[e];
    const bool own = !of_global_ && contexts_.exclusive(id);
    const auto is_it = [&](const Operand& operand) {
      return (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address) &&
             key_of(function.places[operand.place]) == key;
    };
    if (event.kind == Event::Kind::write && key_of(function.places[event.place]) == key) {
      if (event.operands.empty()) return false;
      if (event.operands[0].kind == Operand::Kind::null || own) continue;
      // A global that is filled later loses what it had, and what was borrowed from that.
      if ((of_global_ && !contexts_.init_only(id)) || !settled_value(id, e, event.operands[0], 0) ||
          !stays_inside(id, e, event.operands[0]))
        return false;
      filled = true;
    }
    bool named = false;
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      bool here = false;
      each_operand(event.operands[i], [&](const Operand& part) { here |= is_it(part); });
      if (!here) continue;
      named = true;
      if (event.operands[i].kind == Operand::Kind::address && !own) return false;  // written through a pointer
      if (is_call(event) && !reads(id, {Use::Kind::passed, e, static_cast<int>(i), false}, 0)) return false;
    }
    if (!named || is_call(event) || event.kind == Event::Kind::compare) continue;
    if (event.kind == Event::Kind::leave) {
      if (!reads(id, {Use::Kind::returned, e, 0, false}, 0)) return false;
      continue;
    }
    if (event.kind == Event::Kind::write) {
      // Into a local: where that goes counts. Anywhere else: out of sight.
      const Place& place = function.places[event.place];
      if (key_of(place) == key) continue;
      if (place.root != Place::Root::variable || !place.steps.empty()) return false;
      if (holds_own_object(program_, function, place.variable)) continue;
      if (!only_read(id, held_.values(id).uses(e, place.variable), 0)) return false;
    }
  }
  return filled;
}

// The function goes on with what it has just stored: what it does with it then counts as well.
bool Kept::stays_inside(FunctionId id, EventId store, const Operand& value) const {
  const std::uint32_t local = held_.values(id).local_of(value);
  if (local == none || value.kind != Operand::Kind::place || is_own_object(program_, program_.function(id), value))
    return true;
  const auto behind = [&](const std::vector<Use>& uses) {
    return std::all_of(uses.begin(), uses.end(), [&](const Use& use) {
      return use.event == store || !held_.values(id).reaches(store, use.event, none) || reads(id, use, 0);
    });
  };
  for (const EventId given : held_.values(id).definitions(local, store))
    if (!behind(given == none ? held_.values(id).uses_of_parameter(local) : held_.values(id).uses(given, local)))
      return false;
  return true;
}

// A container nobody else has, or one that came out of a settled field: directly, through locals, or handed in by
// callers.
bool Kept::settled_value(FunctionId id, EventId at, const Operand& operand, int depth) const {
  if (depth > 4) return false;
  if (is_own_object(program_, program_.function(id), operand)) return true;
  const Origin origin = ownership_.of(id, at, operand);
  if (origin.kind == Origin::Kind::fresh || origin.kind == Origin::Kind::none || origin.kind == Origin::Kind::immutable)
    return true;
  const model::Function& function = program_.function(id);
  if (operand.kind == Operand::Kind::call) {
    const Event& event = function.events[operand.event];
    return capi::counting(event.callee) == capi::Counting::hands_back && !event.operands.empty() &&
           settled_value(id, operand.event, event.operands[0], depth + 1);
  }
  if (operand.kind != Operand::Kind::place) return false;
  const Place& place = function.places[operand.place];
  if (!key_of(place).empty()) return settled(place);
  const std::uint32_t local = held_.values(id).local_of(operand);
  if (local == none) return false;
  for (EventId given : held_.values(id).definitions(local, at)) {
    if (given != none) {
      const Event& event = function.events[given];
      if (event.kind != Event::Kind::write || event.operands.empty() ||
          !settled_value(id, given, event.operands[0], depth + 1))
        return false;
      continue;
    }
    if (local >= function.parameters || contexts_.entry(id) != nullptr || program_.calls_to(id).empty()) return false;
    for (const Edge& edge : program_.calls_to(id)) {
      const Event& call = program_.function(edge.from).events[edge.event];
      if (edge.mention || local >= call.operands.size() ||
          !settled_value(edge.from, edge.event, call.operands[local], depth + 1))
        return false;
    }
  }
  return true;
}

bool Kept::only_read(FunctionId id, const std::vector<Use>& uses, int depth) const {
  return std::all_of(uses.begin(), uses.end(), [&](const Use& use) { return reads(id, use, depth); });
}

bool Kept::reads(FunctionId id, const Use& use, int depth) const {
  const model::Function& function = program_.function(id);
  const Event& event = function.events[use.event];
  if (!of_global_ && contexts_.exclusive(id)) return true;
  if (use.kind == Use::Kind::tested || use.kind == Use::Kind::released || use.kind == Use::Kind::followed) return true;
  if (use.kind == Use::Kind::stored) return false;
  if (use.kind == Use::Kind::returned) return tolerance_.exposure && is_reduction(contexts_, id);
  if (capi::counting(event.callee) == capi::Counting::hands_back)
    return depth < 3 && only_read(id, held_.values(id).uses(use.event), depth + 1);
  if (tolerance_.exposure &&
      (contexts_.init_only(id) ? capi::adds_attribute(event.callee)
                               : is_reduction(contexts_, id) && capi::builds_by_format(event.callee)))
    return true;
  // While the module is made nobody else is there to see what is changed.
  if (contexts_.init_only(id) && program_.find(event.callee_key) == none)
    return !capi::keeps_argument(event.callee, use.argument) || capi::leaves_container(event.callee);
  // What is only ever added stays: nothing borrowed from such a dict is dropped.
  if (tolerance_.growth && use.argument == 0 && capi::only_adds(event.callee)) return true;
  if (capi::leaves_container(event.callee) || (use.argument == 0 && capi::works_on_tuple(event.callee))) return true;
  // Changed while the object around it is still being made.
  const Operand& operand = event.operands[static_cast<std::size_t>(use.argument)];
  const Origin origin = ownership_.of(id, use.event, operand);
  if ((origin.kind == Origin::Kind::exclusive || origin.kind == Origin::Kind::fresh) &&
      !capi::keeps_argument(event.callee, use.argument))
    return true;
  if (event.callee_key.text.empty() || depth >= 3) return false;
  const FunctionId callee = program_.find(event.callee_key);
  if (callee == none || static_cast<std::uint32_t>(use.argument) >= program_.function(callee).parameters) return false;
  if (holds_own_object(program_, program_.function(callee), static_cast<std::uint32_t>(use.argument))) return true;
  return only_read(callee, held_.values(callee).uses_of_parameter(static_cast<std::uint32_t>(use.argument)), depth + 1);
}

}  // namespace ftaudit::analysis
