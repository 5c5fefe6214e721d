// Whether a place is that of a piece of shared state itself. Used by what judges the harm that a race does.
#pragma once

#include <algorithm>

#include "analysis/shared.h"

namespace ftaudit::analysis {

// The state itself, whoever has the object that it is a field of.
inline bool is_place_of(const State& state, const model::Place& place) {
  if (state.kind != State::Kind::field)
    return state.field.empty() && place.root == model::Place::Root::global && place.global == state.global &&
           place.steps.empty();
  return !place.steps.empty() && place.steps.back().kind == model::Step::Kind::field &&
         place.steps.back().field == state.field && place.steps.back().record == state.record;
}

inline bool is_place_of(const State& state, const model::Function& function, std::uint32_t place) {
  return place != none && is_place_of(state, function.places[place]);
}

}  // namespace ftaudit::analysis
