#include "analysis/own_locks.h"

#include <algorithm>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

std::string record_of(const std::string& member) {
  const std::size_t end = member.rfind("::");
  return end == std::string::npos ? std::string() : member.substr(0, end);
}

}  // namespace

bool is_own_lock(const Program& program, FunctionId id, const std::string& lock) {
  // "&v3.mutex", or "&v3@17.mutex" by the event that made it.
  if (!lock.starts_with("&v") || lock.find_first_of("*[") != std::string::npos) return false;
  const model::Function& function = program.function(id);
  const std::size_t number = std::stoul(lock.substr(2));
  if (number >= function.variables.size()) return false;
  const model::Variable& variable = function.variables[number];
  if (variable.storage != model::Storage::local || variable.by_reference ||
      variable.type.kind != model::Type::Kind::record)
    return false;
  return std::ranges::all_of(function.events, [&](const Event& event) {
    const bool locks = is_call(event) && program.lock_call(event.callee) != nullptr;
    const bool member = is_call(event) && !event.instance.empty() ? event.instance == variable.type.record
                                                                  : record_of(event.callee) == variable.type.record;
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      bool named = false;
      each_operand(event.operands[i], [&](const Operand& part) {
        if (part.place == none || (part.kind != Operand::Kind::address && part.kind != Operand::Kind::place)) return;
        const model::Place& place = function.places[part.place];
        named |= place.root == model::Place::Root::variable && place.variable == number &&
                 (part.kind == Operand::Kind::address || place.steps.empty());
      });
      if (named && !locks && !(member && i == 0)) return false;
    }
    return true;
  });
}

}  // namespace ftaudit::analysis
