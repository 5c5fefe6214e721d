// Ownership: arrays of references on the stack. Cython gathers the arguments of a call in one, wherever they came from.
#include <algorithm>

#include "analysis/ownership.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

// Numbers tell elements apart; everything else may be any of them.
static bool may_be_same(const Step& a, const Step& b) {
  const auto numbered = [](const Step& step) { return !step.field.empty() && !step.field.starts_with("v"); };
  return a == b || !(numbered(a) && numbered(b));
}

// The element of such an array is on every way something that others surely have, or NULL.
bool Ownership::gathers_shared(const Frame& in, const Place& place, int depth) const {
  const model::Function& function = program_.function(in.function);
  if (place.root != Place::Root::variable || is_given(function, place.variable) || place.steps.size() != 1 ||
      place.steps[0].kind != Step::Kind::index)
    return false;
  const model::Variable& array = function.variables[place.variable];
  if (array.storage != model::Storage::local || array.type.kind != model::Type::Kind::array) return false;
  bool any = false;
  const auto is_shared = [&](EventId at, const Operand& value) {
    const Origin origin = of(in, at, value, depth + 1);
    any |= origin.kind == Origin::Kind::shared;
    return origin.kind == Origin::Kind::none || (origin.kind == Origin::Kind::shared && origin.certain);
  };
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
    const Place& written = function.places[event.place];
    if (written.root != Place::Root::variable || written.variable != place.variable) continue;
    const Operand& value = event.operands[0];
    const bool good =
        written.steps.empty()
            ? value.kind == Operand::Kind::parts &&
                  std::ranges::all_of(value.parts, [&](const Operand& part) { return is_shared(e, part); })
            : !may_be_same(written.steps[0], place.steps[0]) || is_shared(e, value);
    if (!good) return false;
  }
  return any;
}

}  // namespace ftaudit::analysis
