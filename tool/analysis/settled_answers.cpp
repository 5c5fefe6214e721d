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
    for (std::uint32_t block = 0; block < function.blocks.size(); ++block)
      if (function.blocks[block].condition != none && function.blocks[block].successors.size() == 2)
        look(function, block);
}

std::string SettledAnswers::name(const Event& call) {
  return "g()" + (call.callee_key.text.empty() ? call.callee : call.callee_key.text);
}

bool SettledAnswers::answers_alike(const Event& call) const {
  return is_question(call) && taking_.contains(name(call)) && giving_.contains(name(call));
}

// The interpreter's own answers change, and so may those of a function that does something or reads what others store.
bool SettledAnswers::is_question(const Event& call) const {
  if (!is_call(call) || call.callee.empty() || !call.operands.empty() || call.is_virtual ||
      capi::is_api_name(call.callee))
    return false;
  const FunctionId callee = call.callee_key.text.empty() ? FunctionId(none) : program_.find(call.callee_key);
  return callee == none || stays(program_.function(callee));
}

const std::set<model::GlobalId>& SettledAnswers::written() const {
  if (written_) return *written_;
  written_.emplace();
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events) {
      const auto note = [&](std::uint32_t place) {
        if (function.places[place].root == model::Place::Root::global) written_->insert(function.places[place].global);
      };
      if (event.kind == Event::Kind::write && event.place != none) note(event.place);
      for (const Operand& operand : event.operands)
        if (operand.kind == Operand::Kind::address) note(operand.place);
    }
  return *written_;
}

bool SettledAnswers::stays(const model::Function& answering) const {
  return std::ranges::none_of(answering.events, [&](const Event& event) {
    if (is_call(event)) return true;
    if (event.place == none || (event.kind != Event::Kind::read && event.kind != Event::Kind::write)) return false;
    const model::Place& place = answering.places[event.place];
    if (place.root == model::Place::Root::variable && place.steps.empty()) return false;
    return event.kind == Event::Kind::write || place.root != model::Place::Root::global ||
           written().contains(place.global);
  });
}

void SettledAnswers::look(const model::Function& function, std::uint32_t number) {
  const model::Block& decider = function.blocks[number];
  for (const Operand& asked : function.events[decider.condition].operands) {
    if (asked.kind != Operand::Kind::call || !is_question(function.events[asked.event])) continue;
    const std::string question = name(function.events[asked.event]);
    for (const std::uint32_t next : decider.successors) {
      if (next == none) continue;
      bool takes = false, gives = false;
      for (const EventId e : function.blocks[next].events()) {
        const LockCall* lock = is_call(function.events[e]) ? program_.lock_call(function.events[e].callee) : nullptr;
        if (lock != nullptr) (lock->does == LockCall::Does::release ? gives : takes) = true;
      }
      // A round of a loop, or a part that has its own lock, says nothing of one that stays.
      if (takes == gives || next <= number) continue;
      (takes ? taking_ : giving_).insert(question);
    }
  }
}

}  // namespace ftaudit::analysis
