// Ownership, the part about values that a test on the way here has shown to be tuples, strings and the like.
#include "analysis/ownership.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

bool Ownership::checked_immutable(FunctionId id, EventId at, const Operand& operand) const {
  if (operand.kind != Operand::Kind::place) return finds_check(id, at, operand);
  const auto [known, is_new] = checked_[id].try_emplace(std::uint64_t{operand.place} << 32 | at.n);
  if (is_new) known->second = finds_check(id, at, operand);
  return known->second;
}

bool Ownership::finds_check(FunctionId id, EventId at, const Operand& operand) const {
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const std::string object = name_of(id, at, operand);
  if (object.empty()) return false;
  bool found = false;
  values.each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (test.operands.empty() || found) return;
    const Operand* tested = &test.operands[0];
    bool positive = outcome;
    if (test.op == Event::Operator::equal) positive = !outcome;  // !PyTuple_Check(x)
    else if (test.op != Event::Operator::truth && test.op != Event::Operator::unequal) return;
    if (tested->kind != Operand::Kind::call || !positive) return;
    // What a macro asks stands behind the calls it is made of.
    EventId asks = tested->event;
    if (const std::uint32_t macro = function.events[asks].macro;
        macro != none && capi::checks_immutable(function.macros[macro].name))
      for (EventId e = asks; e < compare; ++e)
        if (function.events[e].macro == macro && function.events[e].callee == function.macros[macro].name) asks = e;
    const Event& check = function.events[asks];
    if (!capi::checks_immutable(check.callee) || check.operands.empty()) return;
    found = name_of(id, asks, check.operands[0]) == object;
  });
  return found;
}

}  // namespace ftaudit::analysis
