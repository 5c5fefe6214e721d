#include "cython/taken_locks.h"

namespace ftaudit::cython {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;

namespace {

// The temporary whose value, or what that points to, the operand is; none for all else.
std::uint32_t temporary(const Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) return model::none;
  const Place& place = function.places[operand.place];
  if (place.root != Place::Root::variable || !function.variables[place.variable].name.starts_with("__pyx_t_"))
    return model::none;
  const std::size_t followed = operand.kind == Operand::Kind::address ? 1 : 0;
  if (place.steps.size() != followed || (followed == 1 && place.steps[0].kind != model::Step::Kind::deref))
    return model::none;
  return place.variable;
}

}  // namespace

void name_taken_locks(Function& function) {
  for (const model::EventId at : function.events.ids()) {
    Event& event = function.events[at];
    if (event.kind != Event::Kind::acquire || event.operands.empty()) continue;
    const std::uint32_t variable = temporary(function, event.operands[0]);
    if (variable == model::none) continue;
    for (model::EventId before = at; before.n > 0;) {
      --before.n;
      const Event& write = function.events[before];
      if (write.kind != Event::Kind::write || write.place == model::none || write.operands.empty()) continue;
      const Place& written = function.places[write.place];
      if (written.root != Place::Root::variable || written.variable != variable || !written.steps.empty()) continue;
      if (write.operands[0].kind == Operand::Kind::address) event.operands[0] = Operand(write.operands[0]);
      break;
    }
  }
}

}  // namespace ftaudit::cython
