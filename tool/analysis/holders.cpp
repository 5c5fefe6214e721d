// Part of Ownership: small classes of the project that own one reference (`Ref ref(PyList_New(n)); ... ref.get()`).
// What such a wrapper gives back is what was put into it, and a local one puts it into nobody else's hands.
#include <algorithm>

#include "analysis/ownership.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// "obj_" for this->obj_; "" for everything else.
std::string own_field(const model::Function& function, std::uint32_t place_id) {
  if (place_id == none || !function.has_this) return "";
  const Place& place = function.places[place_id];
  const bool direct = place.root == Place::Root::variable && place.variable == 0 && place.steps.size() == 2 &&
                      place.steps[0].kind == Step::Kind::deref && place.steps[1].kind == Step::Kind::field;
  return direct && place.type.to_object ? place.steps[1].field : "";
}

// The field that a method does nothing but return, or "".
std::string returned_field(const model::Function& function) {
  std::string field;
  for (const Event& event : function.events) {
    if (event.kind == Event::Kind::leave && !event.operands.empty() && event.operands[0].kind == Operand::Kind::place)
      field = own_field(function, event.operands[0].place);
    else if (event.kind != Event::Kind::read && event.kind != Event::Kind::compare) return "";
  }
  return field;
}

}  // namespace

bool Ownership::is_holder(const model::Variable& self) const {
  const model::Record* record = program_.record(self.type.record);
  return record != nullptr && !record->is_object && record->fields.size() == 1 && record->fields[0].type.to_object;
}

// The wrapper that a call reads the reference out of, or null.
const Operand* Ownership::read_holder(FunctionId id, EventId call) const {
  const Event& event = program_.function(id).events[call];
  const FunctionId callee = program_.find(event.callee_key);
  if (callee == none || event.operands.size() != 1 || returned_field(program_.function(callee)).empty()) return nullptr;
  return &event.operands[0];
}

// The parameter that a function of the project returns, whatever way it is left (a cast with a name), or none.
std::uint32_t Ownership::handed_back(FunctionId id) const {
  const model::Function& function = program_.function(id);
  std::uint32_t found = none;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::leave) continue;
    const std::uint32_t local = event.operands.empty() || event.operands[0].kind != Operand::Kind::place
                                    ? none
                                    : held_.values(id).local_of(event.operands[0]);
    if (local == none || local >= function.parameters || (found != none && local != found)) return none;
    if (held_.values(id).definitions(local, e) != std::vector<EventId>{none}) return none;
    found = local;
  }
  return found;
}

// A name for the value, such that what a wrapper gives back twice has the same one.
std::string Ownership::name_of(FunctionId id, EventId at, const Operand& operand) const {
  const Values& values = held_.values(id);
  const Operand* holder = operand.kind == Operand::Kind::call ? read_holder(id, operand.event) : nullptr;
  if (holder == nullptr) return values.exact_identity(operand, at);
  const std::string name = values.exact_identity(*holder, operand.event);
  return name.empty() ? name : name + " " + program_.function(id).events[operand.event].callee;
}

// What a call puts into the field of the wrapper that it makes, gives back or gets first; nothing where it leaves it
// alone.
std::optional<Origin> Ownership::put_by(const Frame& in, EventId call, const std::string& field, int depth) const {
  constexpr Origin unknown{Origin::Kind::shared, false, false};
  const Event& event = program_.function(in.function).events[call];
  const FunctionId callee = program_.find(event.callee_key);
  if (callee == none || depth > 8) return unknown;
  const Frame there{callee, nullptr, &in, call};
  const model::Function& body = program_.function(callee);
  const auto given = [&](EventId at, const Operand& value) { return of(there, at, value, depth + 1); };
  std::optional<Origin> out;
  for (const EventId e : body.events.ids()) {
    const Event& inner = body.events[e];
    std::optional<Origin> put;
    if (inner.kind == Event::Kind::write && own_field(body, inner.place) == field && !inner.operands.empty())
      put = given(e, inner.operands[0]);
    // return Ref(object);
    if (!body.has_this && inner.kind == Event::Kind::leave && !inner.operands.empty() &&
        inner.operands[0].kind == Operand::Kind::call) {
      const Event& made = body.events[inner.operands[0].event];
      const FunctionId maker = program_.find(made.callee_key);
      if (maker == none || !program_.function(maker).is_constructor) return unknown;
      for (const Event& write : program_.function(maker).events) {
        if (write.kind != Event::Kind::write || own_field(program_.function(maker), write.place) != field ||
            write.operands.empty())
          continue;
        const std::uint32_t parameter =
            write.operands[0].kind == Operand::Kind::place ? held_.values(maker).local_of(write.operands[0]) : none;
        put = parameter < made.operands.size() ? given(e, made.operands[parameter]) : unknown;
      }
      if (!put) return unknown;
    }
    if (put && (!out || put->kind > out->kind)) out = put;
  }
  if (!out && !body.has_this) return unknown;
  return out;
}

// What `ref.get()` yields: all that may have been put into the wrapper here, if nobody else got hold of that since.
std::optional<Origin> Ownership::of_held(const Frame& in, EventId at, EventId getter, int depth) const {
  const FunctionId id = in.function;
  const Operand* holder = read_holder(id, getter);
  if (holder == nullptr || depth > 8) return std::nullopt;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const std::uint32_t local = holder->kind == Operand::Kind::address ? values.local_of(*holder) : none;
  if (local == none || function.variables[local].storage != model::Storage::local) return std::nullopt;
  const std::string field = returned_field(program_.function(program_.find(function.events[getter].callee_key)));
  Origin out;
  for (EventId given : values.definitions(local, getter)) {
    if (given == none) return std::nullopt;
    const Event& event = function.events[given];
    std::optional<Origin> put;
    if (event.kind == Event::Kind::write && !event.operands.empty() && event.operands[0].kind == Operand::Kind::call)
      put = put_by(in, event.operands[0].event, field, depth + 1);
    else if (is_call(event) && !event.operands.empty() && values.local_of(event.operands[0]) == local)
      put = event.is_const_operand(0) ? std::nullopt : put_by(in, given, field, depth + 1);
    else if (!is_call(event) || std::none_of(event.operands.begin(), event.operands.end(), [&](const Operand& operand) {
               return values.local_of(operand) == local &&
                      event.is_const_operand(static_cast<std::size_t>(&operand - event.operands.data()));
             }))
      return std::nullopt;
    if (put && put->kind > out.kind) out = *put;
  }
  if (out.kind != Origin::Kind::fresh) return out.kind == Origin::Kind::immutable ? std::optional(out) : std::nullopt;
  Escape worst = Escape::no;
  for (EventId e; e < at; ++e)
    if (const Operand* read = is_call(function.events[e]) ? read_holder(id, e) : nullptr;
        read != nullptr && values.local_of(*read) == local && values.reaches(e, at, none))
      worst = std::max(worst, gets_out(in, at, values.uses(e), depth + 1));
  return fresh_unless(worst);
}

}  // namespace ftaudit::analysis
