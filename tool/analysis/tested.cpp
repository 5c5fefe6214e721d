#include "analysis/tested.h"

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Operand;

std::optional<Operand> tested(const model::Function& function, const Values& values, EventId compare) {
  const Operand& first = function.events[compare].operands[0];
  const std::uint32_t local = first.kind == Operand::Kind::place ? values.local_of(first) : std::uint32_t{none};
  if (local == none) return first;
  const std::vector<EventId>& given = values.definitions(local, compare);
  if (given.size() != 1 || given[0] == none || function.events[given[0]].operands.empty()) return std::nullopt;
  return function.events[given[0]].operands[0];
}

EventId read_by(const model::Function& function, EventId call) {
  const model::Event& event = function.events[call];
  return is_call(event) && capi::is_atomic_operation(event.callee) ? call + 1 : call;
}

}  // namespace ftaudit::analysis
