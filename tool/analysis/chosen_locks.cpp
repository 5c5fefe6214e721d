#include "analysis/chosen_locks.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

struct Chosen {
  std::string one, other;  // the objects, sorted
  bool lower = false;
  bool operator==(const Chosen&) const = default;
};

// The local that the lock hangs off is given one of two objects there, by how their addresses compare.
std::optional<Chosen> chosen_at(const Program& program, FunctionId id, const Values& values, EventId write) {
  const model::Function& function = program.function(id);
  if (!function.events.has(write)) return std::nullopt;
  const Event& event = function.events[write];
  if (event.kind != Event::Kind::write || event.operands.empty() || event.operands[0].kind != Operand::Kind::choice ||
      event.operands[0].parts.size() != 2)
    return std::nullopt;
  const Flow& flow = program.flow(id);
  const std::vector<std::uint32_t>& arms = flow.predecessors[flow.block_of[write]];
  if (arms.size() != 2 || flow.predecessors[arms[0]].size() != 1 ||
      flow.predecessors[arms[0]] != flow.predecessors[arms[1]])
    return std::nullopt;
  const EventId condition = function.blocks[flow.predecessors[arms[0]][0]].condition;
  if (condition == none) return std::nullopt;
  const Event& test = function.events[condition];
  const bool less = test.op == Event::Operator::less;
  if ((!less && test.op != Event::Operator::greater) || test.operands.size() != 2) return std::nullopt;
  const std::vector<Operand>& parts = event.operands[0].parts;
  const std::string left = values.identity(test.operands[0], condition),
                    right = values.identity(test.operands[1], condition), when_true = values.identity(parts[0], write),
                    when_false = values.identity(parts[1], write);
  const bool straight = when_true == left && when_false == right, crossed = when_true == right && when_false == left;
  if (left.empty() || right.empty() || left == right || (!straight && !crossed)) return std::nullopt;
  return Chosen{std::min(left, right), std::max(left, right), straight == less};
}

// "v3@17*.mutex": the write that the local has its value from; none for other names.
EventId given_at(const std::string& lock) {
  const std::size_t start = lock.starts_with('&');
  const std::size_t mark = lock.find('@');
  if (lock.size() <= start || lock[start] != 'v' || mark == std::string::npos ||
      mark != lock.find_first_not_of("0123456789", start + 1))
    return none;
  std::uint32_t number = none;
  std::from_chars(lock.data() + mark + 1, lock.data() + lock.size(), number);
  return EventId(number);
}

std::string behind(const std::string& lock) {
  const std::size_t end = lock.find_first_not_of("0123456789", lock.find('@') + 1);
  return end == std::string::npos ? std::string() : lock.substr(end);
}

// The function locks the other one of the two as well, in the same place of it.
bool locks_other(const Program& program, FunctionId id, const Values& values, const std::string& lock, Chosen other) {
  other.lower = !other.lower;
  const model::Function& function = program.function(id);
  return std::ranges::any_of(function.events, [&](const Event& event) {
    const capi::LockCall* call = is_call(event) ? program.lock_call(event.callee) : nullptr;
    if (call == nullptr || call->does == capi::LockCall::Does::release) return false;
    const auto at = static_cast<EventId>(&event - function.events.data());
    return std::ranges::any_of(event.operands, [&](const Operand& operand) {
      const std::string what = values.identity(operand, at);
      const EventId given = given_at(what);
      return given != none && behind(what) == behind(lock) && chosen_at(program, id, values, given) == other;
    });
  });
}

}  // namespace

std::string name_of_chosen(const Program& program, FunctionId id, const Values& values, const std::string& lock) {
  const EventId given = given_at(lock);
  const std::optional<Chosen> chosen = given == none ? std::nullopt : chosen_at(program, id, values, given);
  if (!chosen) return lock;
  const std::string address = lock.starts_with('&') ? "&" : "";
  if (!locks_other(program, id, values, lock, *chosen)) return address + "one of two" + behind(lock);
  return address + (chosen->lower ? chosen->one : chosen->other) + behind(lock);
}

}  // namespace ftaudit::analysis
