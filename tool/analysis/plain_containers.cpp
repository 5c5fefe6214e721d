#include "analysis/plain_containers.h"

#include "capi/capi.h"
#include "capi/changes.h"
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

}  // namespace ftaudit::analysis
