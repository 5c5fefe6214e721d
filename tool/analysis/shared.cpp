#include "analysis/shared.h"

#include <algorithm>

#include "analysis/loads.h"
#include "analysis/parse_format.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using capi::Role;
using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

bool gives_module_state(std::string_view callee) {
  return callee == "PyModule_GetState" || callee == "PyType_GetModuleState" || callee == "_PyModule_GetState" ||
         callee == "_PyType_GetModuleState" || callee == "PyType_GetModuleStateByDef";
}

// Writes through a pointer argument, or gives what it leads to back.
bool writes_argument(std::string_view callee, std::size_t argument) {
  if (argument == 0)
    for (std::string_view name :
         {"free", "PyMem_Free", "PyMem_RawFree", "PyObject_Free", "realloc", "PyMem_Realloc", "PyMem_RawRealloc"})
      if (callee == name) return true;
  return capi::writes_through(callee, static_cast<int>(argument));
}

}  // namespace

Shared::Shared(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership,
               const std::vector<EntryPoint>& entries)
    : program_(program),
      contexts_(contexts),
      held_(held),
      ownership_(ownership),
      targets_(program, held, entries),
      lock_keys_(program, held, targets_),
      reach_(program.facts.functions.size(), 0) {
  for (const EntryPoint& entry : entries) {
    // The initialiser of a once flag runs before everything that waits for the flag.
    if (capi::runs_once(entry.slot)) continue;
    switch (entry.role) {
      case Role::module_init:
      case Role::module_exec:
      case Role::module_create: spread(entry.function, by_module_init); break;
      case Role::module_free: break;
      case Role::dealloc:
      case Role::traverse:
      case Role::clear:
      case Role::finalize:
        if (!entry.slot.starts_with("m_")) spread(entry.function, by_takedown);
        break;
      case Role::init_slot: spread(entry.function, by_init_slot); break;
      case Role::new_slot:
      case Role::alloc: spread(entry.function, by_new); break;
      case Role::detached:
        // Handlers of the exit run when nobody else does any more.
        if (entry.slot != "atexit" && entry.slot != "Py_AtExit") spread(entry.function, by_thread);
        break;
      default:
        if (entry.slot == "exported") spread(entry.function, by_export);
        else if (entry.slot == "tp_iternext" || entry.slot == "am_anext") spread(entry.function, by_next);
        else if (entry.slot == "bf_getbuffer" || entry.slot == "bf_releasebuffer") spread(entry.function, by_buffer);
        else spread(entry.function, by_python);
    }
  }
  find_module_states();
  for (FunctionId id = 0; id < program.facts.functions.size(); ++id) {
    const model::Function& function = program.function(id);
    if (function.is_support) continue;
    if ((reach_[id] & ~by_module_init) != 0) collect(id), collect_containers(id);
  }
  for (FunctionId id = 0; id < program.facts.functions.size(); ++id)
    if ((reach_[id] & (by_python | by_next)) != 0)
      for (EventId e = 0; e < program.function(id).events.size(); ++e)
        if (is_call(program.function(id).events[e])) containers(id, e);
}

void Shared::spread(FunctionId from, std::uint16_t kind) {
  std::vector<FunctionId> queue{from};
  while (!queue.empty()) {
    const FunctionId id = queue.back();
    queue.pop_back();
    if (reach_[id] & kind) continue;
    reach_[id] |= kind;
    for (const Edge& edge : program_.calls_from(id)) {
      if (edge.mention &&
          (targets_.is_entry(edge.to) || capi::runs_once(program_.function(id).events[edge.event].callee) ||
           contexts_.runs_once(edge.to)))
        continue;
      queue.push_back(edge.to);
    }
  }
}

void Shared::find_module_states() {
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events) {
      for (const Operand& operand : event.operands) {
        if (operand.kind != Operand::Kind::call || !gives_module_state(function.events[operand.event].callee)) continue;
        if (event.kind == Event::Kind::write && event.place != none)
          module_states_[function.places[event.place].type.record] = true;
        if (event.kind == Event::Kind::leave) module_states_[function.result.record] = true;
      }
      if (event.place == none) continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::call || !gives_module_state(function.events[place.call].callee)) continue;
      for (const Step& step : place.steps)
        if (step.kind == Step::Kind::field) {
          module_states_[step.record] = true;
          break;
        }
    }
}

Origin Shared::origin_of(FunctionId id, const Path& path, std::size_t steps) const {
  constexpr Origin unknown{Origin::Kind::shared, false, false};
  const model::Function& function = program_.function(id);
  Origin root = unknown;
  if (path.root == Path::Root::parameter || path.root == Path::Root::local)
    root = ownership_.of_local(id, path.at, path.number);
  else if (path.root == Path::Root::call) root = ownership_.of_call(id, path.at, path.number);
  if (steps == 0) return root;
  if (root.kind == Origin::Kind::fresh || root.kind == Origin::Kind::exclusive) return {Origin::Kind::exclusive};
  bool of_object = (path.root == Path::Root::parameter || path.root == Path::Root::local) &&
                   function.variables[path.number].type.to_object;
  for (std::size_t i = 0; i < steps; ++i)
    if (const model::Record* record = program_.record(path.steps[i].record)) of_object |= record->is_object;
  return {Origin::Kind::shared, root.certain && of_object, false};
}

void Shared::add(FunctionId id, EventId event, const Path& given, bool write, bool atomic, bool contents) {
  enter(by_key_, states_, id, event, given, write, atomic, contents);
}

void Shared::enter(std::map<std::string, std::uint32_t>& by_key, std::vector<State>& states, FunctionId id,
                   EventId event, const Path& given, bool write, bool atomic, bool contents) {
  const Path path = targets_.lifted(id, given);
  const std::optional<Target> where = targets_.of(id, path, contents);
  if (!where) return;
  Access access{.site = {id, event}, .write = write, .atomic = atomic};
  const bool field = where->kind == State::Kind::field;
  if (field) {
    access.origin = origin_of(id, path, where->base_steps);
    if (access.origin.is_private() || (where->base_steps == 0 && targets_.on_the_stack(id, path))) return;
    if (!access.origin.certain && targets_.only_on_stack(where->record)) return;
    access.base = path.text(where->base_steps);
  } else {
    access.origin = {Origin::Kind::shared, true, false};
  }
  LockKeys::Keys held = lock_keys_.at(access.site, given, path, *where);
  access.locks = std::move(held.keys), access.unknown_lock = held.unknown, access.other_lock = held.other;
  if (!write && where->type.to_object && !where->contents) {
    const std::vector<Use> uses = uses_of_load(program_.function(id), held_.values(id), event);
    access.tested = !uses.empty() &&
                    std::all_of(uses.begin(), uses.end(), [](const Use& use) { return use.kind == Use::Kind::tested; });
  }
  const auto [it, made] = by_key.emplace(Targets::key(*where, path), static_cast<std::uint32_t>(states.size()));
  if (made) {
    State state{.kind = where->kind,
                .global = where->global,
                .record = where->record,
                .field = where->field,
                .contents = where->contents,
                .type = where->type};
    state.module_state = field && module_states_.contains(where->record);
    const std::string root = field ? where->record : program_.facts.globals[where->global.n].name;
    state.name = root + (where->field.empty() ? "" : "." + where->field);
    states.push_back(std::move(state));
  }
  states[it->second].accesses.push_back(std::move(access));
}

void Shared::collect(FunctionId id) {
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  for (EventId e = 0; e < function.events.size(); ++e) {
    const Event& event = function.events[e];
    if ((event.kind == Event::Kind::read || event.kind == Event::Kind::write) && event.place != none) {
      const Place& place = function.places[event.place];
      if (place.root == Place::Root::unknown || (place.root == Place::Root::variable && place.steps.empty())) continue;
      const bool write = event.kind == Event::Kind::write;
      // A static local's initialiser: C's is constant, C++'s runs once.
      if (write && event.op == Event::Operator::initialise && place.root == Place::Root::global) continue;
      if (taken_out(program_, id, values, place, e)) continue;
      add(id, e, path_of(function, values, place, e), write, event.atomic || place.type.is_atomic, false);
    } else if (is_call(event)) {
      for (std::size_t i = 0; i < event.operands.size(); ++i) {
        const Operand& operand = event.operands[i];
        if (!writes_argument(event.callee, i) || tells_how_to_parse(event, i)) continue;
        if (operand.kind == Operand::Kind::address) {
          add(id, e, path_of(function, values, function.places[operand.place], e), true, false, false);
        } else if (operand.kind == Operand::Kind::place) {
          const Path path = path_of(function, values, operand, e);
          if ((!path.steps.empty() || path.root == Path::Root::global) &&
              !taken_out(program_, id, values, function.places[operand.place], e))
            add(id, e, path, true, false, !path.is_address);
        }
      }
    }
  }
}

// A container that a method fills for one call, through its callees, and empties when it is done: another thread's call
// on the same object loses what it has put there.
void Shared::containers(FunctionId id, EventId e) {
  const model::Function& function = program_.function(id);
  const Event& event = function.events[e];
  if (event.operands.empty() ||
      (event.callee != "PyDict_Clear" && event.callee != "PyList_Clear" && event.callee != "PySet_Clear"))
    return;
  const State* field = state_of(id, event.operands[0], e);
  if (field == nullptr || field->kind != State::Kind::field || !uses_before(id, e, *field)) return;
  State scratch = *field;
  scratch.container = true;
  std::erase_if(scratch.accesses, [](const Access& access) { return access.write; });
  for (Access& access : scratch.accesses) access.write = access.site.function == id;
  states_.push_back(std::move(scratch));
}

bool Shared::uses_before(FunctionId id, EventId event, const State& state) const {
  std::vector<FunctionId> queue;
  for (const Edge& edge : program_.calls_from(id))
    if (!edge.mention && edge.event < event && held_.values(id).reaches(edge.event, event, none))
      queue.push_back(edge.to);
  std::set<FunctionId> seen(queue.begin(), queue.end());
  while (!queue.empty()) {
    const FunctionId at = queue.back();
    queue.pop_back();
    if (std::any_of(state.accesses.begin(), state.accesses.end(),
                    [&](const Access& access) { return access.site.function == at; }))
      return true;
    for (const Edge& edge : program_.calls_from(at))
      if (!edge.mention && seen.insert(edge.to).second) queue.push_back(edge.to);
  }
  return false;
}

const State* Shared::state_of(FunctionId id, const Operand& operand, EventId at) const {
  if (operand.kind != Operand::Kind::place) return nullptr;
  const model::Function& function = program_.function(id);
  const Path path = targets_.lifted(id, path_of(function, held_.values(id), operand, at));
  if (path.is_address) return nullptr;
  const std::optional<Target> where = targets_.of(id, path, false);
  if (!where) return nullptr;
  const auto it = by_key_.find(Targets::key(*where, path));
  return it == by_key_.end() ? nullptr : &states_[it->second];
}

bool Shared::conflict(const Access& a, const Access& b) const {
  if (!a.write && !b.write) return false;
  if (a.atomic && b.atomic) return false;
  if (a.unknown_lock && (b.unknown_lock || !b.locks.empty())) return false;
  if (b.unknown_lock && !a.locks.empty()) return false;
  return std::none_of(a.locks.begin(), a.locks.end(), [&](const std::string& lock) {
    return std::find(b.locks.begin(), b.locks.end(), lock) != b.locks.end();
  });
}

std::optional<Race> Shared::race(const State& state, const std::function<bool(const Access&)>& wanted) const {
  std::optional<Race> best;
  int best_rank = -1;
  // Accesses of one function that hold the same are alike: one of each is enough to compare.
  std::vector<const Access*> kinds;
  for (const Access& access : state.accesses) {
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const Access* other) {
      return other->site.function == access.site.function && other->write == access.write &&
             other->atomic == access.atomic && other->tested == access.tested && other->locks == access.locks &&
             other->unknown_lock == access.unknown_lock;
    });
    if (!known) kinds.push_back(&access);
  }
  for (const Access* write : kinds) {
    if (!write->write || (wanted && !wanted(*write))) continue;
    for (const Access* other : kinds) {
      if (other->tested || !conflict(*write, *other)) continue;
      int rank = 0;
      if (write->origin.certain && other->origin.certain) rank += 16;
      if (write->locks.empty() && !write->unknown_lock) rank += 8;
      if (!contexts_.entry_names(write->site.function, 1).empty()) rank += 4;
      if (other != write && other->site.function != write->site.function) rank += 2;
      if (!other->write) rank += 1;
      // A lost update says it best.
      if (program_.function(write->site.function).events[write->site.event].op == Event::Operator::update) rank += 3;
      if (rank > best_rank) best = Race{write, other}, best_rank = rank;
    }
  }
  return best;
}

}  // namespace ftaudit::analysis
