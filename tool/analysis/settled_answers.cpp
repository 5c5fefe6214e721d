#include "analysis/settled_answers.h"

#include <algorithm>

#include "capi/capi.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

SettledAnswers::SettledAnswers(const Program& program) : program_(program) {
  for (const model::Function& function : program.facts.functions)
    for (const model::Block& block : function.blocks)
      if (block.condition != none && block.successors.size() == 2) look(function, block);
}

std::string SettledAnswers::name(const Event& call) { return "g()" + call.callee; }

bool SettledAnswers::answers_alike(const Event& call) const {
  return is_question(call) && taking_.contains(name(call)) && giving_.contains(name(call));
}

// The interpreter's own answers change, and so may those of a function that stores something.
bool SettledAnswers::is_question(const Event& call) const {
  if (!is_call(call) || call.callee.empty() || !call.operands.empty() || call.is_virtual ||
      capi::is_api_name(call.callee))
    return false;
  const FunctionId callee = call.callee_key.text.empty() ? FunctionId(none) : program_.find(call.callee_key);
  if (callee == none) return true;
  const model::Function& function = program_.function(callee);
  return std::ranges::none_of(function.events, [&](const Event& event) {
    if (event.kind != Event::Kind::write || event.place == none) return false;
    const model::Place& place = function.places[event.place];
    return place.root != model::Place::Root::variable || !place.steps.empty();
  });
}

void SettledAnswers::look(const model::Function& function, const model::Block& decider) {
  for (const Operand& asked : function.events[decider.condition].operands) {
    if (asked.kind != Operand::Kind::call || !is_question(function.events[asked.event])) continue;
    const std::string question = name(function.events[asked.event]);
    for (const std::uint32_t next : decider.successors) {
      if (next == none) continue;
      for (const EventId e : function.blocks[next].events()) {
        const LockCall* lock = is_call(function.events[e]) ? program_.lock_call(function.events[e].callee) : nullptr;
        if (lock != nullptr) (lock->does == LockCall::Does::release ? giving_ : taking_).insert(question);
      }
    }
  }
}

}  // namespace ftaudit::analysis
