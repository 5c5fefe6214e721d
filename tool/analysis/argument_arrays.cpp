#include "analysis/argument_arrays.h"

namespace ftaudit::analysis {

using model::Event;
using model::Place;

bool holds_arguments(const Program& program, const Ownership& ownership, const Frame& in, std::uint32_t variable) {
  const model::Function& function = program.function(in.function);
  const model::Variable& array = function.variables[variable];
  if (array.storage != model::Storage::local || array.type.kind != model::Type::Kind::array || !array.type.to_object)
    return false;
  bool passed = false;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
    const Place& place = function.places[event.place];
    if (place.root != Place::Root::variable || place.variable != variable || place.steps.size() != 1) continue;
    const Origin origin = ownership.of(in, e, event.operands[0]);
    if (origin.kind == Origin::Kind::none) continue;
    if (origin.kind != Origin::Kind::shared || !origin.certain) return false;
    passed |= origin.from_python;
  }
  return passed;
}

}  // namespace ftaudit::analysis
