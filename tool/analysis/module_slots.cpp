#include "analysis/module_slots.h"

#include <algorithm>
#include <optional>

#include "capi/fields.h"
#include "capi/records.h"
#include "model/print.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr std::size_t slots_position = 5;  // m_base, m_name, m_doc, m_size, m_methods, m_slots

class Reader {
 public:
  Reader(const Program& program, model::GlobalId definition) : program_(program), definition_(definition) {}

  ModuleSlots read() {
    std::vector<Operand> candidates;
    if (const model::Table* table = program_.table(definition_); table != nullptr && !table->rows.empty()) {
      for (const model::Cell& cell : table->rows[0].cells)
        if (cell.field == capi::fields::module_slots) candidates.push_back(cell.value);
      if (candidates.empty()) candidates.emplace_back().kind = Operand::Kind::null;
    }
    const bool has_table = !candidates.empty();
    for (const FunctionId id : program_.facts.functions.ids()) written_in(id, has_table, candidates);
    // A definition that begins empty and is filled in holds what it is filled with.
    if (candidates.size() > 1)
      std::erase_if(candidates, [](const Operand& value) { return value.kind == Operand::Kind::null; });
    if (candidates.size() != 1) {
      out_.unread = candidates.empty() ? program_.facts.globals[definition_].name : "several arrays for m_slots";
      return out_;
    }
    const Operand& slots = candidates[0];
    if (slots.kind == Operand::Kind::null) {
      out_.known = true;
    } else if (slots.kind == Operand::Kind::global) {
      out_.known = true;
      out_.array = slots.global;
      contents();
    } else {
      out_.unread = slots.text.empty() ? std::string(capi::fields::module_slots) : slots.text;
    }
    return out_;
  }

 private:
  bool of(const model::Function& function, const Event& event, model::GlobalId global) const {
    return event.kind == Event::Kind::write && event.place != none && !event.operands.empty() &&
           function.places[event.place].root == Place::Root::global && function.places[event.place].global == global;
  }

  void written_in(FunctionId id, bool has_table, std::vector<Operand>& out) const {
    const model::Function& function = program_.function(id);
    for (const Event& event : function.events) {
      if (!of(function, event, definition_)) continue;
      const std::vector<model::Step>& steps = function.places[event.place].steps;
      if (!steps.empty() && steps.back().field == capi::fields::module_slots)
        out.push_back(pointed(id, event.operands[0]));
      // Its table has what a constant initialiser says.
      else if (steps.empty() && !(has_table && event.op == Event::Operator::initialise))
        out.push_back(whole(id, event.operands[0]));
    }
  }

  // The address of a global, as tables have it; else unknown, with what is written there.
  Operand pointed(FunctionId id, const Operand& value) const {
    const model::Function& function = program_.function(id);
    Operand out;
    if (value.kind == Operand::Kind::null || value.kind == Operand::Kind::global) return value;
    if (value.kind == Operand::Kind::number && value.number == 0) {
      out.kind = Operand::Kind::null;
      return out;
    }
    if (value.kind == Operand::Kind::address && function.places[value.place].root == Place::Root::global) {
      out.kind = Operand::Kind::global;
      out.global = function.places[value.place].global;
      return out;
    }
    if (value.kind == Operand::Kind::call) {
      const Event& call = function.events[value.event];
      if (call.callee == "std::array::data" || call.callee == "std::data" || call.callee == "std::begin")
        return call.operands.empty() ? out : pointed(id, call.operands[0]);
    }
    out.text = model::text_of(program_.facts, function, value);
    return out;
  }

  // m_slots of a whole definition that is put there.
  Operand whole(FunctionId id, const Operand& value) const {
    const model::Function& function = program_.function(id);
    if (value.kind == Operand::Kind::parts && value.parts.size() > slots_position)
      return pointed(id, value.parts[slots_position]);
    Operand out;
    if (value.kind == Operand::Kind::parts) {
      out.kind = Operand::Kind::null;
      return out;
    }
    if (value.kind == Operand::Kind::call)
      if (const FunctionId callee = program_.find(function.events[value.event].callee_key); callee != none)
        if (std::optional<Operand> made = returned(callee)) return *made;
    out.text = model::text_of(program_.facts, function, value);
    if (value.kind == Operand::Kind::call) out.text = function.events[value.event].callee + "()";
    return out;
  }

  // ... by the function that makes it: its one local definition, and what that is filled with.
  std::optional<Operand> returned(FunctionId id) const {
    const model::Function& function = program_.function(id);
    std::optional<Operand> out;
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::leave && !event.operands.empty() && event.operands[0].kind == Operand::Kind::parts)
        return whole(id, event.operands[0]);
      if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::variable) continue;
      if (!place.steps.empty() && place.steps.back().field == capi::fields::module_slots)
        out = pointed(id, event.operands[0]);
      else if (place.steps.empty() &&
               capi::record_named(function.variables[place.variable].type.record) == capi::Record::module_def &&
               event.operands[0].kind == Operand::Kind::parts)
        out = whole(id, event.operands[0]);
    }
    return out;
  }

  void contents() {
    const model::Table* table = program_.table(out_.array);
    const std::string& name = program_.facts.globals[out_.array].name;
    if (table == nullptr) {
      out_.unread = name;
      return;
    }
    for (const model::Function& function : program_.facts.functions)
      for (const Event& event : function.events)
        if (of(function, event, out_.array) && event.op != Event::Operator::initialise) {
          out_.unread = model::text_of(program_.facts, function, function.places[event.place]) + " = " +
                        model::text_of(program_.facts, function, event.operands[0]);
          return;
        }
    out_.rows = table;
  }

  const Program& program_;
  model::GlobalId definition_;
  ModuleSlots out_;
};

}  // namespace

ModuleSlots module_slots(const Program& program, model::GlobalId definition) {
  return Reader(program, definition).read();
}

}  // namespace ftaudit::analysis
