// Conflicts, the part that knows flags behind which something is said, and nothing done: it is said twice at worst.
#include <algorithm>

#include "analysis/conflicts.h"
#include "analysis/place_of_state.h"
#include "analysis/speech.h"

namespace ftaudit::analysis {

using model::Event;
using model::Place;

// Where the flag is found unset, something is said before it is set, and that is all.
bool Conflicts::only_says(const State& state) const {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.is_container()) return false;
  const Speech speech(program_, [&](const Place& place) { return is_place_of(state, place); });
  const auto says = [&](FunctionId id, EventId store) {
    const model::Function& function = program_.function(id);
    const Flow& flow = program_.flow(id);
    bool found = false;
    held_.values(id).each_condition(store, [&](EventId compare, bool outcome) {
      const Event& test = function.events[compare];
      if (found || test.operands.empty() || shared_.state_of(id, test.operands[0], compare) != &state) return;
      const std::uint32_t first = function.blocks[flow.block_of[compare]].successors[outcome ? 0 : 1];
      found = speech.is_all(id, first);
    });
    return found;
  };
  return std::ranges::all_of(state.accesses, [&](const Access& access) {
    if (!access.write) return true;
    const Event& event = program_.function(access.site.function).events[access.site.event];
    if (event.kind != Event::Kind::write || event.operands.empty()) return false;
    const std::optional<std::int64_t> number = constant(event.operands[0]);
    return number && (*number == 0 || says(access.site.function, access.site.event));
  });
}

}  // namespace ftaudit::analysis
