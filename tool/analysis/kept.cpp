#include "analysis/kept.h"

#include <algorithm>

#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/records.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

std::string key_of(const Place& place) {
  if (place.steps.empty() || place.steps.back().kind != Step::Kind::field) return {};
  return place.steps.back().record + "." + place.steps.back().field;
}

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
  if (operand.kind != Operand::Kind::place) return false;
  const model::Function& function = program_.function(id);
  const Place& place = function.places[operand.place];
  if (const std::string key = key_of(place); !key.empty())
    return settled(place.steps.back().record, place.steps.back().field, may_grow);
  // A local that was given the field's value.
  const std::uint32_t local = held_.values(id).local_of(operand);
  if (local == none) return false;
  const std::vector<EventId> given = held_.values(id).definitions(local, at);
  return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId e) {
    if (e == none || function.events[e].kind != Event::Kind::write || function.events[e].operands.empty()) return false;
    const Operand& value = function.events[e].operands[0];
    return value.kind == Operand::Kind::place && held_.values(id).local_of(value) == none &&
           settled(id, e, value, may_grow);
  });
}

bool Kept::settled(const std::string& record, const std::string& field, bool may_grow) const {
  const std::string key = record + "." + field;
  std::map<std::string, bool>& known = may_grow ? known_growing_ : known_;
  if (const auto it = known.find(key); it != known.end()) return it->second;
  known[key] = false;  // asked again on the way: not sure
  const auto it = mentions_.find(key);
  const bool outer = may_grow_;
  may_grow_ = may_grow;
  const bool answer = it != mentions_.end() && !open_to_python(record, field) && find(it->second, key);
  may_grow_ = outer;
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
bool Kept::open_to_python(const std::string& record, const std::string& field) const {
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

bool Kept::find(const std::vector<Mention>& mentions, const std::string& key) const {
  bool filled = false;
  for (const auto& [id, e] : mentions) {
    const model::Function& function = program_.function(id);
    const Event& event = function.events[e];
    const auto is_it = [&](const Operand& operand) {
      return (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address) &&
             key_of(function.places[operand.place]) == key;
    };
    if (event.kind == Event::Kind::write && key_of(function.places[event.place]) == key) {
      if (event.operands.empty()) return false;
      if (event.operands[0].kind == Operand::Kind::null || contexts_.exclusive(id)) continue;
      if (!settled_value(id, e, event.operands[0], 0)) return false;
      filled = true;
    }
    bool named = false;
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      bool here = false;
      each_operand(event.operands[i], [&](const Operand& part) { here |= is_it(part); });
      if (!here) continue;
      named = true;
      if (event.operands[i].kind == Operand::Kind::address && !contexts_.exclusive(id))
        return false;  // written through a pointer
      if (is_call(event) && !reads(id, {Use::Kind::passed, e, static_cast<int>(i), false}, 0)) return false;
    }
    if (!named || is_call(event) || event.kind == Event::Kind::compare) continue;
    if (event.kind == Event::Kind::leave) return false;
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
  if (!key_of(place).empty()) return settled(place.steps.back().record, place.steps.back().field, may_grow_);
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
  if (contexts_.exclusive(id) || contexts_.init_only(id)) return true;
  if (use.kind == Use::Kind::tested || use.kind == Use::Kind::released || use.kind == Use::Kind::followed) return true;
  if (use.kind == Use::Kind::stored || use.kind == Use::Kind::returned) return false;
  if (capi::counting(event.callee) == capi::Counting::hands_back)
    return depth < 3 && only_read(id, held_.values(id).uses(use.event), depth + 1);
  // What is only ever added stays: nothing borrowed from such a dict is dropped.
  if (may_grow_ && use.argument == 0 && capi::only_adds(event.callee)) return true;
  if (capi::leaves_container(event.callee) || (use.argument == 0 && capi::works_on_tuple(event.callee))) return true;
  // Changed while the object around it is still being made.
  const Operand& operand = event.operands[static_cast<std::size_t>(use.argument)];
  if (ownership_.of(id, use.event, operand).kind == Origin::Kind::exclusive &&
      !capi::keeps_argument(event.callee, use.argument))
    return true;
  if (event.callee_key.text.empty() || depth >= 3) return false;
  const FunctionId callee = program_.find(event.callee_key);
  if (callee == none || static_cast<std::uint32_t>(use.argument) >= program_.function(callee).parameters) return false;
  if (holds_own_object(program_, program_.function(callee), static_cast<std::uint32_t>(use.argument))) return true;
  return only_read(callee, held_.values(callee).uses_of_parameter(static_cast<std::uint32_t>(use.argument)), depth + 1);
}

}  // namespace ftaudit::analysis
