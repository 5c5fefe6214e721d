#include "analysis/attached_paths.h"

#include "capi/module_calls.h"
#include "capi/records.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// The local that a test for 0 or NULL looks at, and whether `outcome` means that it is something else.
std::uint32_t tested_local(const model::Function& function, const Event& compare, bool& is_set) {
  if (compare.operands.empty() || compare.operands[0].kind != Operand::Kind::place) return none;
  if (compare.op == Event::Operator::equal) is_set = !is_set;
  else if (compare.op != Event::Operator::truth && compare.op != Event::Operator::unequal) return none;
  if (compare.op != Event::Operator::truth && (compare.operands.size() < 2 || constant(compare.operands[1]) != 0))
    return none;
  const model::Place& place = function.places[compare.operands[0].place];
  return place.root == model::Place::Root::variable && place.steps.empty() ? place.variable : none;
}

// The compare asks PyGILState_Check, and `outcome` means that the thread is attached.
bool asks_if_attached(const model::Function& function, const Event& compare, bool& is_attached) {
  if (compare.operands.empty() || compare.operands[0].kind != Operand::Kind::call ||
      !capi::asks_if_attached(function.events[compare.operands[0].event].callee))
    return false;
  if (compare.op == Event::Operator::truth) return true;
  if (compare.operands.size() < 2 || compare.operands[1].kind != Operand::Kind::number) return false;
  const bool equal = compare.op == Event::Operator::equal, one = compare.operands[1].number != 0;
  if (!equal && compare.op != Event::Operator::unequal) return false;
  if (equal != one) is_attached = !is_attached;
  return true;
}

bool is_thread_state(const model::Type& type) { return capi::record_named(type.record) == capi::Record::thread_state; }

}  // namespace

bool AttachedPath::decided(const model::Function& function, const Event& compare, bool outcome,
                           const AttachedRun& run) {
  bool is_attached = outcome;
  if (asks_if_attached(function, compare, is_attached)) {
    if (kind == (is_attached ? Kind::detached : Kind::attached)) return false;
    if (kind == Kind::unknown) kind = is_attached ? Kind::attached : Kind::detached;
    return true;
  }
  bool is_set = outcome;
  const std::uint32_t local = tested_local(function, compare, is_set);
  if (local == none) return true;
  if (is_thread_state(function.variables[local].type) && function.variables[local].storage == model::Storage::local)
    return is_set == (kind == Kind::detached && token == local);
  return !run.deciding.contains(local) || settle(local, is_set);
}

bool AttachedPath::agrees_with(const Event& call) const {
  return std::all_of(settled.begin(), settled.end(), [&](const auto& one) {
    const auto value = one.first < call.operands.size() ? constant(call.operands[one.first]) : std::nullopt;
    return !value || (*value != 0) == one.second;
  });
}

}  // namespace ftaudit::analysis
