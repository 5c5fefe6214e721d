#include "analysis/argument_arrays.h"

#include <algorithm>

#include "analysis/numbered_steps.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

bool is_local_array(const model::Variable& variable) {
  return variable.storage == model::Storage::local && variable.type.kind == model::Type::Kind::array;
}

// Numbers tell elements apart; everything else may be any of them.
bool may_be_same(const Step& a, const Step& b) { return a == b || !(is_numbered(a) && is_numbered(b)); }

}  // namespace

std::vector<Put> puts_into(const model::Function& function, std::uint32_t variable) {
  std::vector<Put> out;
  if (!is_local_array(function.variables[variable])) return out;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
    const Place& place = function.places[event.place];
    if (place.root != Place::Root::variable || place.variable != variable) continue;
    out.push_back({e, place.steps.empty() ? nullptr : &place.steps[0], place.steps.size() == 1, &event.operands[0]});
  }
  return out;
}

bool holds_arguments(const Program& program, const Ownership& ownership, const Frame& in, std::uint32_t variable) {
  const model::Function& function = program.function(in.function);
  if (!function.variables[variable].type.to_object) return false;
  bool passed = false;
  for (const Put& put : puts_into(function, variable)) {
    if (!put.whole_element) continue;
    const Origin origin = ownership.of(in, put.at, *put.value);
    if (origin.kind == Origin::Kind::none) continue;
    if (origin.kind != Origin::Kind::shared || !origin.certain) return false;
    passed |= origin.from_python;
  }
  return passed;
}

// The element of such an array is on every way something that others surely have, or NULL.
bool Ownership::gathers_shared(const Frame& in, const Place& place, int depth) const {
  const model::Function& function = program_.function(in.function);
  if (place.root != Place::Root::variable || place.steps.size() != 1 || place.steps[0].kind != Step::Kind::index)
    return false;
  bool any = false;
  const auto is_shared = [&](EventId at, const Operand& value) {
    const Origin origin = of(in, at, value, depth + 1);
    any |= origin.kind == Origin::Kind::shared;
    return origin.kind == Origin::Kind::none || (origin.kind == Origin::Kind::shared && origin.certain);
  };
  for (const Put& put : puts_into(function, place.variable)) {
    const bool good =
        put.element == nullptr
            ? put.value->kind == Operand::Kind::parts &&
                  std::ranges::all_of(put.value->parts, [&](const Operand& part) { return is_shared(put.at, part); })
            : !may_be_same(*put.element, place.steps[0]) || is_shared(put.at, *put.value);
    if (!good) return false;
  }
  return any;
}

}  // namespace ftaudit::analysis
