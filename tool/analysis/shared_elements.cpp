// Shared: what lies in containers of the C++ library. A pointer, an iterator, a view or a reference to an element is
// good for as long as the container leaves the element where it is: using it is a use of the container, wherever it
// came from ([container.requirements], [string.require]).
#include <algorithm>

#include "analysis/shared.h"
#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

bool is_container(const model::Type& type) {
  return capi::is_cxx_container(type.record) && !capi::owns_reference(type.record) && !capi::holds_inline(type.record);
}

const model::Type* type_of(const Program& program, const Step& step) {
  const model::Record* record = step.kind == Step::Kind::field ? program.record(step.record) : nullptr;
  if (record == nullptr) return nullptr;
  const auto found = std::ranges::find(record->fields, step.field, &model::Field::name);
  return found == record->fields.end() ? nullptr : &found->type;
}

// How many steps lead to the container that the path goes into; and its type. Of one in another the outer is the one to
// know.
std::size_t to_container(const Program& program, const Path& path, const model::Type*& type) {
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    if (path.steps[i].kind != Step::Kind::index) continue;
    const bool behind = i > 0 && path.steps[i - 1].kind == Step::Kind::deref;
    const std::size_t named = behind ? i - 1 : i;
    type = named > 0                         ? type_of(program, path.steps[named - 1])
           : path.root == Path::Root::global ? &program.facts.globals[path.global()].type
                                             : nullptr;
    const bool there = type != nullptr && (behind ? type->kind == model::Type::Kind::pointer && type->indirections == 1
                                                  : type->kind == model::Type::Kind::record);
    if (there && is_container(*type)) return i;
  }
  return none;
}

std::string field_of(const Program& program, const model::Place& place) {
  if (!place.steps.empty() && place.steps.back().kind == Step::Kind::field)
    return place.steps.back().record + "." + place.steps.back().field;
  return place.root == model::Place::Root::global && place.steps.empty() ? program.facts.globals[place.global].name
                                                                         : "";
}

}  // namespace

void Shared::find_emptied() {
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events)
      if (is_call(event) && !event.operands.empty() && event.operands[0].place != none &&
          capi::takes_out_elements(event.callee))
        emptied_.insert(field_of(program_, function.places[event.operands[0].place]));
}

void Shared::touched_elements(FunctionId id, std::vector<Touched>& out) const {
  const model::Function& function = program_.function(id);
  const auto add = [&](EventId e, Path path) {
    const model::Type* type = nullptr;
    const std::size_t steps = to_container(program_, path, type);
    if (steps == none) return;
    path.steps.resize(steps), path.is_address = false;
    if (capi::keeps_elements_in_place(type->record)) {
      const auto named = std::find_if(path.steps.rbegin(), path.steps.rend(),
                                      [](const Step& step) { return step.kind == Step::Kind::field; });
      const std::string name =
          named != path.steps.rend() ? named->record + "." + named->field : program_.facts.globals[path.global()].name;
      if (!emptied_.contains(name)) return;
    }
    out.push_back({.event = e, .path = std::move(path), .container = true});
  };
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.once || event.implicit) continue;
    if ((event.kind == Event::Kind::read || event.kind == Event::Kind::write) && event.place != none) {
      if (!function.places[event.place].steps.empty())
        add(e, path_of(function, held_.values(id), function.places[event.place], e));
      continue;
    }
    if (event.kind == Event::Kind::leave && function.result.kind == model::Type::Kind::reference &&
        is_container(function.result) && event.operands.size() == 1) {
      Path path = path_of(function, held_.values(id), event.operands[0], e);
      if (!path.is_address) path.steps.push_back({Step::Kind::deref, {}, {}});
      path.is_address = false;
      out.push_back({.event = e, .path = std::move(path), .container = true});
      continue;
    }
    // Python walks it later, whatever is held here.
    if (is_call(event) && capi::makes_python_iterator(event.callee)) {
      for (const Operand& operand : event.operands)
        if (const EventId got = operand.kind == Operand::Kind::call ? operand.event : EventId(none);
            got != none && !function.events[got].operands.empty() &&
            function.events[got].operands[0].kind == Operand::Kind::address &&
            is_container(function.places[function.events[got].operands[0].place].type)) {
          Path path = path_of(function, held_.values(id), function.events[got].operands[0], got);
          path.is_address = false;
          out.push_back({.event = e, .path = std::move(path), .container = true});
          break;
        }
      continue;
    }
    // `bits[i] = true` of a std::vector<bool>.
    if (is_call(event) && event.callee.ends_with("_Bit_reference::operator=") &&
        event.operands[0].kind == Operand::Kind::call) {
      const Event& got = function.events[event.operands[0].event];
      if (got.operands.empty() || got.operands[0].kind != Operand::Kind::address) continue;
      Path path = path_of(function, held_.values(id), got.operands[0], e);
      path.is_address = false;
      out.push_back({.event = e, .path = std::move(path), .write = true, .container = true});
      continue;
    }
    // A pointer into it, for a function that reads there: strlen(name.c_str()).
    if (!is_call(event) || event.callee.empty() || program_.find(event.callee_key) != none) continue;
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      const Operand& operand = event.operands[i];
      if ((operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) ||
          !event.is_const_operand(i) ||
          function.places[operand.place].steps.size() + (operand.kind == Operand::Kind::place) == 0)
        continue;
      const model::Type& type = function.places[operand.place].type;
      const bool pointer = operand.kind == Operand::Kind::address || type.kind == model::Type::Kind::pointer ||
                           capi::views_memory(type.record);
      if (!pointer || type.to_object) continue;
      Path path = path_of(function, held_.values(id), operand, e);
      if (path.is_address) add(e, std::move(path));
    }
  }
}

}  // namespace ftaudit::analysis
