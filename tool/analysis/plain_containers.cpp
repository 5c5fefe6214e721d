#include "analysis/plain_containers.h"

#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

bool is_object(const model::Function& function, const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::number:
    case Operand::Kind::null:
    case Operand::Kind::text: return false;
    case Operand::Kind::place: return function.places[operand.place].type.kind != model::Type::Kind::scalar;
    default: return true;
  }
}

// PyList_New(n), PyDict_New(): nothing is in it yet.
bool makes_empty(const model::Function& function, const Operand& value) {
  if (value.kind != Operand::Kind::call) return false;
  const Event& call = function.events[value.event];
  return capi::makes_fresh(call.callee) && capi::works_on_container(call.callee) &&
         std::ranges::none_of(call.operands, [&](const Operand& operand) { return is_object(function, operand); });
}

}  // namespace

std::string field_at_end(const model::Place& place) {
  const bool field = !place.steps.empty() && place.steps.back().kind == model::Step::Kind::field;
  return field ? place.steps.back().record + "." + place.steps.back().field : "";
}

std::set<std::string> plain_containers(const Audit& audit, const IsPlain& is_plain) {
  std::set<std::string> found, spoilt;
  // Attributes of Python's.
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells) spoilt.emplace(cell.value.offset_of());
  for (const FunctionId id : audit.facts().functions.ids()) {
    const model::Function& function = audit.program().function(id);
    const auto field_of = [&](const Operand& operand) {
      const bool named = operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address;
      return named ? field_at_end(function.places[operand.place]) : "";
    };
    const auto spoil = [&](const Operand& operand) {
      if (std::string field = field_of(operand); !field.empty()) spoilt.insert(std::move(field));
    };
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind == Event::Kind::compare) continue;
      // Buffer made = {list, 0};
      if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty() &&
          event.operands[0].kind == Operand::Kind::parts) {
        const model::Record* record = audit.program().record(function.places[event.place].type.record);
        for (std::size_t i = 0; record != nullptr && i < event.operands[0].parts.size() && i < record->fields.size();
             ++i)
          if (is_object(function, event.operands[0].parts[i]))
            spoilt.insert(record->name + "." + record->fields[i].name);
      }
      if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty())
        if (const std::string field = field_at_end(function.places[event.place]); !field.empty()) {
          if (makes_empty(function, event.operands[0])) found.insert(field);
          else if (event.operands[0].kind != Operand::Kind::null) spoilt.insert(field);
        }
      const bool fills = is_call(event) && (capi::taken_in(event.callee) > 0 || capi::sets_list_item(event.callee));
      const bool puts_plain =
          fills && std::all_of(event.operands.begin() + 1, event.operands.end(), [&](const Operand& operand) {
            return !is_object(function, operand) || is_plain({id, e}, operand);
          });
      const bool leaves =
          is_call(event) && (puts_plain || capi::leaves_container(event.callee) ||
                             capi::counting(event.callee) == capi::Counting::drops || capi::empties(event.callee));
      for (std::size_t i = 0; i < event.operands.size(); ++i)
        if (!(leaves && i == 0 && event.operands[0].kind == Operand::Kind::place))
          each_operand(event.operands[i], spoil);
    }
  }
  std::erase_if(found, [&](const std::string& field) { return spoilt.contains(field); });
  return found;
}

std::string field_reached(const Audit& audit, const Site& at, const model::Place& place) {
  const bool behind_local = place.root == model::Place::Root::variable && place.steps.size() == 1 &&
                            place.steps[0].kind == model::Step::Kind::deref;
  if (!behind_local) return field_at_end(place);
  const model::Function& function = audit.program().function(at.function);
  const std::vector<EventId>& given = audit.values(at.function).definitions(place.variable, at.event);
  if (given.size() != 1 || given[0] == none) return "";
  const Event& pointed = function.events[given[0]];
  const bool address = pointed.kind == Event::Kind::write && !pointed.operands.empty() &&
                       pointed.operands[0].kind == Operand::Kind::address;
  return address ? field_at_end(function.places[pointed.operands[0].place]) : "";
}

static bool is_read_only(const model::Row& row) {
  return std::ranges::any_of(row.cells, [](const model::Cell& cell) {
    return cell.field == capi::fields::member_flags && cell.value.kind == Operand::Kind::number &&
           (cell.value.number & 1) != 0;
  });
}

// The pointer is a local of the macro, which puts one object for another through it.
static bool points_for_macro(const model::Function& function, const Event& event) {
  if (event.kind != Event::Kind::write || event.macro == none || event.place == none ||
      function.places[event.place].root != model::Place::Root::variable || !function.places[event.place].steps.empty())
    return false;
  const capi::Counting does = capi::counting(function.macros[event.macro].name);
  return does == capi::Counting::clears || does == capi::Counting::replaces;
}

std::set<std::string> plain_fields(const Audit& audit, const IsPlain& is_plain) {
  std::set<std::string> found, spoilt;
  // Attributes that Python may set.
  for (const model::Table& table : audit.facts().tables)
    for (const model::Row& row : table.rows)
      if (!is_read_only(row))
        for (const model::Cell& cell : row.cells) spoilt.emplace(cell.value.offset_of());
  for (const FunctionId id : audit.facts().functions.ids()) {
    const model::Function& function = audit.program().function(id);
    const auto spoil_address = [&](const Operand& operand) {
      if (operand.kind == Operand::Kind::address) spoilt.insert(field_at_end(function.places[operand.place]));
    };
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (!points_for_macro(function, event))
        for (const Operand& operand : event.operands) each_operand(operand, spoil_address);
      if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
      const model::Place& place = function.places[event.place];
      const Operand& value = event.operands[0];
      if (const model::Record* record = audit.program().record(place.type.record);
          record != nullptr && value.kind == Operand::Kind::parts)
        for (std::size_t i = 0; i < value.parts.size() && i < record->fields.size(); ++i)
          if (is_object(function, value.parts[i])) spoilt.insert(record->name + "." + record->fields[i].name);
      const std::string field = field_reached(audit, {id, e}, place);
      if (field.empty() || value.kind == Operand::Kind::null) continue;
      // From another object of the same struct.
      const bool same =
          value.kind == Operand::Kind::place && field_reached(audit, {id, e}, function.places[value.place]) == field;
      if (!same && !(!event.is_update() && is_plain({id, e}, value))) spoilt.insert(field);
      else if (!same) found.insert(field);
    }
  }
  std::erase_if(found, [&](const std::string& field) { return spoilt.contains(field); });
  return found;
}

}  // namespace ftaudit::analysis
