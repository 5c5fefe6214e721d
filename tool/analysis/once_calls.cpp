#include "analysis/once_calls.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

bool is_once(const Event& event) { return is_call(event) && capi::runs_once(event.callee) && !event.operands.empty(); }

// The one call that the parameter is handed on to, which runs it once; none where anything else is done with it.
EventId handed_to_once(const model::Function& function, std::uint32_t parameter) {
  const auto is_it = [&](std::uint32_t place) {
    return place != none && function.places[place].root == model::Place::Root::variable &&
           function.places[place].variable == parameter;
  };
  EventId out = none;
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (is_it(event.place)) return none;
    bool handed = false, used = false;
    each_operand(event, [&](const Operand& operand) { used |= is_it(operand.place); });
    for (std::size_t i = 1; i < event.operands.size() && is_once(event); ++i)
      handed |= event.operands[i].kind == Operand::Kind::place && is_it(event.operands[i].place) &&
                function.places[event.operands[i].place].steps.empty();
    if (!used) continue;
    if (!handed || out != none) return none;
    out = e;
  }
  return out;
}

}  // namespace

std::optional<Site> once_call(const Program& program, const Edge& mention) {
  const Event& event = program.function(mention.from).events[mention.event];
  if (!mention.mention || !is_call(event)) return std::nullopt;
  if (is_once(event)) return Site{mention.from, mention.event};
  const FunctionId callee = event.callee_key.text.empty() ? none : program.find(event.callee_key);
  if (callee == none || callee == mention.from) return std::nullopt;
  const model::Function& wrapper = program.function(callee);
  for (std::uint32_t p = 0; p < event.operands.size() && p < wrapper.parameters; ++p)
    if (event.operands[p].kind == Operand::Kind::function && program.find(event.operands[p].function) == mention.to) {
      const EventId call = handed_to_once(wrapper, p);
      return call == none ? std::nullopt : std::optional(Site{callee, call});
    }
  return std::nullopt;
}

}  // namespace ftaudit::analysis
