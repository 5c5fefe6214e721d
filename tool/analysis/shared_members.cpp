// Shared: structs and arrays that are read or written as one, by assignment, as an argument or a result, by memcpy and
// memset. Each is an access to all members of the struct; only those say something that others use by their names.
#include <algorithm>

#include "analysis/shared.h"
#include "analysis/taken.h"
#include "capi/bytes.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int deepest = 3;  // structs in structs

bool is_struct(const model::Type& type) {
  return type.kind == model::Type::Kind::record && type.indirections == 0 && !type.record.empty();
}

bool leads_to_struct(const model::Type& type) {
  return type.kind == model::Type::Kind::pointer && type.indirections == 1 && !type.record.empty();
}

bool is_same(const Place& a, const Place& b) {
  return a.root == b.root && a.variable == b.variable && a.global == b.global && a.call == b.call && a.steps == b.steps;
}

// A copy that lies in a variable of the function's own; what it was made of was read where it was made.
bool is_own_struct(const model::Function& function, const Place& place) {
  if (place.root != Place::Root::variable || !place.steps.empty()) return false;
  const model::Variable& variable = function.variables[place.variable];
  return is_struct(variable.type) && !variable.by_reference;
}

}  // namespace

void Shared::find_members() {
  for (const FunctionId id : program_.facts.functions.ids()) {
    if (program_.function(id).is_support || views_.of(id).empty()) continue;
    for (const Whole& whole : touched_whole(id))
      for (const ViewId view : views_.of(id)) {
        enter(states_, view, whole.touched, true);
        enter_members(view, whole);
      }
  }
}

std::vector<Shared::Whole> Shared::touched_whole(FunctionId id) const {
  std::vector<Whole> out;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  // C tells each read for itself; what C++ copies is only named.
  const auto is_read = [&](const Place& place) {
    return std::ranges::any_of(function.events, [&](const Event& event) {
      return event.kind == Event::Kind::read && event.place != none && is_same(function.places[event.place], place);
    });
  };
  const auto add = [&](EventId e, std::uint32_t place, bool write) {
    if (is_own_struct(function, function.places[place])) return;
    if (taken_out(program_, id, values, function.places[place], e)) return;
    out.push_back({{.event = e, .path = path_of(function, values, function.places[place], e), .write = write},
                   function.places[place].type.record});
  };
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    const bool write = event.kind == Event::Kind::write;
    if ((write || event.kind == Event::Kind::read) && event.place != none) {
      const Place& place = function.places[event.place];
      const bool once = write && event.op == Event::Operator::initialise && place.root == Place::Root::global;
      if (is_struct(place.type) && !once) add(e, event.place, write);
      // std::atomic_load of a shared_ptr takes the whole as one.
      if (event.atomic && !out.empty() && out.back().touched.event == e) out.back().touched.atomic = true;
    }
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      const Operand& operand = event.operands[i];
      if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) continue;
      const model::Type& type = function.places[operand.place].type;
      const bool value = operand.kind == Operand::Kind::place;
      if (value && is_struct(type) && !is_read(function.places[operand.place])) add(e, operand.place, false);
      if (!is_call(event) || !capi::works_on_bytes(event.callee)) continue;
      const int argument = static_cast<int>(i);
      const bool writes = capi::writes_through(event.callee, argument);
      if (!writes && !capi::reads_through(event.callee, argument)) continue;
      if (!value && (is_struct(type) || type.kind == model::Type::Kind::array)) add(e, operand.place, writes);
      if (!value || !leads_to_struct(type)) continue;
      add(e, operand.place, writes);
      if (!out.empty() && out.back().touched.event == e)
        out.back().touched.path.steps.push_back({.kind = Step::Kind::deref});
    }
  }
  return out;
}

void Shared::enter_members(ViewId view, const Whole& whole, int depth) {
  const model::Record* record = depth < deepest ? program_.record(whole.record) : nullptr;
  if (record == nullptr) return;
  for (const model::Field& field : record->fields) {
    Whole member{whole.touched, field.type.record};
    member.touched.path.steps.push_back({Step::Kind::field, field.name, record->name});
    enter(states_, view, member.touched, true);
    if (is_struct(field.type)) enter_members(view, member, depth + 1);
  }
}

}  // namespace ftaudit::analysis
