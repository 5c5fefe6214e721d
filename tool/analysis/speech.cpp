#include "analysis/speech.h"

#include <algorithm>

#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

constexpr int most_calls = 3;  // looked through, one behind the other

bool Speech::is(const model::Function& function, const Event& event, int depth) const {
  if (event.kind == Event::Kind::read || event.kind == Event::Kind::compare || event.kind == Event::Kind::leave)
    return true;
  if (event.kind == Event::Kind::write && event.place != none) {
    const Place& place = function.places[event.place];
    if (is_flag_(place)) return !event.operands.empty() && event.operands[0].kind == Operand::Kind::number;
    return place.root == Place::Root::variable && place.steps.empty();
  }
  if (!is_call(event)) return false;
  const FunctionId callee = event.callee_key.text.empty() ? FunctionId(none) : program_.find(event.callee_key);
  if (callee == none)
    return capi::says_something(event.callee) || capi::is_atomic_operation(event.callee) ||
           capi::raises_error(event.callee) || capi::makes_plain_value(event.callee) ||
           capi::never_returns(event.callee) || capi::counting(event.callee) != capi::Counting::none;
  const model::Function& called = program_.function(callee);
  return depth < most_calls &&
         std::ranges::all_of(called.events, [&](const Event& one) { return is(called, one, depth + 1); });
}

bool Speech::is_all(FunctionId id, std::uint32_t first) const {
  const model::Function& function = program_.function(id);
  const Flow& flow = program_.flow(id);
  for (std::uint32_t block = 0; block < function.blocks.size(); ++block)
    if (flow.dominates(first, block))
      for (const EventId e : function.blocks[block].events())
        if (!is(function, function.events[e])) return false;
  return true;
}

}  // namespace ftaudit::analysis
