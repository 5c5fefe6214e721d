// Conflicts, the part that knows flags behind which something is said, and nothing done: it is said twice at worst.
#include <algorithm>

#include "analysis/conflicts.h"
#include "analysis/place_of_state.h"
#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int most_calls = 3;  // looked through, one behind the other

// Says something to a person, and does nothing else.
class Speech {
 public:
  Speech(const Program& program, const State& flag) : program_(program), flag_(flag) {}

  bool is(const model::Function& function, const Event& event, int depth = 0) const {
    if (event.kind == Event::Kind::read || event.kind == Event::Kind::compare || event.kind == Event::Kind::leave)
      return true;
    if (event.kind == Event::Kind::write && event.place != none) {
      const Place& place = function.places[event.place];
      if (is_place_of(flag_, place)) return !event.operands.empty() && event.operands[0].kind == Operand::Kind::number;
      return place.root == Place::Root::variable && place.steps.empty();
    }
    if (!is_call(event)) return false;
    const FunctionId callee = event.callee_key.text.empty() ? FunctionId(none) : program_.find(event.callee_key);
    if (callee == none)
      return capi::says_something(event.callee) || capi::raises_error(event.callee) ||
             capi::makes_plain_value(event.callee) || capi::never_returns(event.callee) ||
             capi::counting(event.callee) != capi::Counting::none;
    const model::Function& called = program_.function(callee);
    return depth < most_calls &&
           std::ranges::all_of(called.events, [&](const Event& one) { return is(called, one, depth + 1); });
  }

 private:
  const Program& program_;
  const State& flag_;
};

}  // namespace

// Where the flag is found unset, something is said before it is set, and that is all.
bool Conflicts::only_says(const State& state) const {
  if (state.type.kind != model::Type::Kind::scalar || state.contents || state.is_container()) return false;
  const Speech speech(program_, state);
  const auto says = [&](FunctionId id, EventId store) {
    const model::Function& function = program_.function(id);
    const Flow& flow = program_.flow(id);
    bool found = false;
    held_.values(id).each_condition(store, [&](EventId compare, bool outcome) {
      const Event& test = function.events[compare];
      if (found || test.operands.empty() || shared_.state_of(id, test.operands[0], compare) != &state) return;
      const std::uint32_t first = function.blocks[flow.block_of[compare]].successors[outcome ? 0 : 1];
      found = true;
      for (std::uint32_t block = 0; block < function.blocks.size() && found; ++block)
        if (flow.dominates(first, block))
          for (const EventId e : function.blocks[block].events()) found &= speech.is(function, function.events[e]);
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
