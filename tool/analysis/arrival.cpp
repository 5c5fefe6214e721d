#include "analysis/arrival.h"

#include <algorithm>

#include "capi/slots.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using capi::Role;
using capi::SlotUse;

// Unpickling and copying call it on the object they have just made; whoever calls it on one that is in use initialises
// that again (library reference, pickle: object.__setstate__).
static bool restores(const EntryPoint& entry) { return entry.python_name.ends_with(".__setstate__"); }

std::optional<Arrival> arrival_of(const EntryPoint& entry) {
  // The initialiser of a once flag runs before everything that waits for the flag.
  if (capi::runs_once(entry.slot)) return std::nullopt;
  switch (entry.role) {
    case Role::module_init:
    case Role::module_exec:
    case Role::module_create:
    case Role::module_free: return std::nullopt;
    case Role::dealloc:
    case Role::traverse:
    case Role::clear:
    case Role::finalize:
      return capi::slot_use(entry.slot) == SlotUse::module ? std::nullopt : std::optional(Arrival::takedown);
    case Role::init_slot: return Arrival::init;
    case Role::new_slot:
    case Role::alloc: return Arrival::make;
    case Role::detached:
      // Handlers of the exit run when nobody else does any more.
      if (capi::runs_at_exit(entry.slot)) return std::nullopt;
      return capi::handles_signals(entry.slot) ? Arrival::callback : Arrival::thread;
    case Role::callback: return entry.exported ? Arrival::exported : Arrival::callback;
    default: break;
  }
  if (restores(entry)) return Arrival::init;
  switch (capi::slot_use(entry.slot)) {
    case SlotUse::next: return Arrival::next;
    case SlotUse::buffer: return Arrival::buffer;
    default: return Arrival::python;
  }
}

bool is_lent(const Program& program, const Held& held, FunctionId function, std::uint32_t parameter) {
  using model::Operand;
  const std::vector<Edge>& callers = program.calls_to(function);
  return !callers.empty() && std::ranges::all_of(callers, [&](const Edge& edge) {
    const model::Function& starter = program.function(edge.from);
    const std::vector<Operand>& operands = starter.events[edge.event].operands;
    const auto code = std::ranges::find_if(operands, [&](const Operand& operand) {
      return operand.kind == Operand::Kind::function && program.find(operand.function) == function;
    });
    if (operands.end() - code <= static_cast<std::ptrdiff_t>(parameter) + 1) return false;
    const Operand& given = *(code + 1 + parameter);
    if (given.kind != Operand::Kind::address) return false;
    const model::Place& place = starter.places[given.place];
    const bool local = place.root == model::Place::Root::variable &&
                       (place.steps.empty() || held.values(edge.from).is_own_storage(place));
    return local || (!place.steps.empty() && place.steps.back().kind == model::Step::Kind::index);
  });
}

}  // namespace ftaudit::analysis
