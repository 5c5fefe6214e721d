#include "analysis/initialisers.h"

#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

bool may_run_python(const Audit& audit, const model::Function& function, const Event& event) {
  return audit.suspension().event(function, event) ||
         (event.callee.find("::") != std::string::npos && capi::needs_attached(event.callee)) ||
         capi::interns(event.callee);
}

// The call inside an initialiser, or inside what it calls, that may run Python; none if there is none.
Site running(const Audit& audit, FunctionId id, EventId e, int depth) {
  const model::Function& function = audit.program().function(id);
  const Event& event = function.events[e];
  if (!is_call(event)) return {};
  const FunctionId callee = event.callee_key.text.empty() ? none : audit.program().find(event.callee_key);
  if (callee == none) {
    if (may_run_python(audit, function, event)) return {id, e};
  } else if (depth < 6 && callee != id) {
    const model::Function& inner = audit.program().function(callee);
    for (const EventId n : inner.events.ids())
      if (const Site found = running(audit, callee, n, depth + 1); found.function != none) return found;
  }
  Site found;
  const auto look = [&](const Operand& operand) {
    if (found.function == none && operand.kind == Operand::Kind::call && operand.event < e)
      found = running(audit, id, operand.event, depth);
  };
  each_operand(event, look);
  return found;
}

Site running_in(const Audit& audit, FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids())
    if (const Site found = running(audit, id, e, 0); found.function != none) return found;
  return {};
}

// Where nobody sees who calls, an initialiser that uses Python without attaching says that its callers are attached.
bool is_attached(const Audit& audit, const Site& site, const Site& python) {
  const Attached::State state = audit.attached().at(site).state;
  if (state != Attached::State::unknown) return state == Attached::State::attached;
  for (EventId e; e < python.event; ++e)
    if (audit.attached().changes({python.function, e})) return false;
  return true;
}

// The functions that an operand may be, a lambda in a local included.
std::vector<FunctionId> functions_of(const Audit& audit, const Site& site, const Operand& operand) {
  std::vector<FunctionId> out;
  const auto add = [&](const Operand& value) {
    if (value.kind != Operand::Kind::function) return;
    if (const FunctionId id = audit.program().find(value.function); id != none) out.push_back(id);
  };
  add(operand);
  if (const std::uint32_t local = audit.values(site.function).local_of(operand); local != none)
    for (EventId given : audit.values(site.function).definitions(local, site.event))
      if (given != none && !audit.function(site).events[given].operands.empty())
        add(audit.function(site).events[given].operands[0]);
  return out;
}

// The constructor is called on the very variable.
bool constructs(const Event& event) {
  if (!is_call(event) || event.operands.empty() || event.operands[0].kind != Operand::Kind::address || event.implicit)
    return false;
  const std::size_t colon = event.callee.rfind("::");
  return colon != std::string::npos && event.callee.substr(0, colon).ends_with(event.callee.substr(colon + 2));
}

// A function static whose initialiser runs when control gets there; null for all other places.
const model::Global* function_static(const Audit& audit, const model::Function& function, std::uint32_t place) {
  if (place == none || function.places[place].root != model::Place::Root::global ||
      !function.places[place].steps.empty())
    return nullptr;
  const model::Global& global = audit.facts().globals[function.places[place].global];
  const bool runs = global.storage == model::Storage::static_local && global.runtime_initialised;
  return runs && !global.is_thread_local ? &global : nullptr;
}

}  // namespace

void each_initialiser(const Audit& audit, FunctionId id, const std::function<void(const Initialiser&)>& visit) {
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    Initialiser found{.at = {id, e}};
    const auto note = [&](const Site& python) {
      if (python.function != none && is_attached(audit, found.at, python)) found.python.push_back(python);
    };
    if (const model::Global* global = function_static(audit, function, event.place);
        global != nullptr && event.kind == Event::Kind::write && event.op == Event::Operator::initialise) {
      found.name = global->name;
      Site python;
      for (const Operand& value : event.operands)
        each_operand(value, [&](const Operand& part) {
          if (python.function == none && part.kind == Operand::Kind::call) python = running(audit, id, part.event, 0);
        });
      note(python);
      visit(found);
      continue;
    }
    if (!is_call(event)) continue;
    if (const model::Global* global =
            constructs(event) ? function_static(audit, function, event.operands[0].place) : nullptr;
        global != nullptr && global->owner == function.key) {
      found.name = global->name;
      note(running(audit, id, e, 0));
      visit(found);
    } else if (capi::runs_once(event.callee) && event.callee.find("gil_safe") == std::string::npos &&
               !capi::is_api_name(event.callee)) {
      for (const Operand& operand : event.operands)
        for (FunctionId callee : functions_of(audit, found.at, operand)) note(running_in(audit, callee));
      visit(found);
    }
  }
}

}  // namespace ftaudit::analysis
