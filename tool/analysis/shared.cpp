#include "analysis/shared.h"

#include <algorithm>

#include "analysis/loads.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using capi::Role;
using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int callers_looked_through = 4;

bool gives_module_state(std::string_view callee) {
  return callee == "PyModule_GetState" || callee == "PyType_GetModuleState" || callee == "_PyModule_GetState" || callee == "_PyType_GetModuleState" || callee == "PyType_GetModuleStateByDef";
}

// Writes through a pointer argument, or gives what it leads to back.
bool writes_argument(std::string_view callee, std::size_t argument) {
  if (argument == 0)
    for (std::string_view name : {"free", "PyMem_Free", "PyMem_RawFree", "PyObject_Free", "realloc", "PyMem_Realloc", "PyMem_RawRealloc"})
      if (callee == name) return true;
  return capi::writes_through(callee, static_cast<int>(argument));
}

bool is_state_type(const model::Type& type) {
  if (type.kind == model::Type::Kind::function || type.is_atomic || capi::is_lock_type(type.record) || capi::is_atomic_type(type.record)) return false;
  return !type.is_const;
}

bool in_header_elsewhere(const Program& program, const model::Span& span) {
  return span.file.n >= program.facts.files.size() || program.facts.files[span.file.n].starts_with("/");
}

// A record of CPython's headers. Tables of these are given to CPython, which reads them itself; what its objects hold is
// other rules' business.
bool is_cpython_record(const Program& program, const std::string& name) {
  const model::Record* record = program.record(name);
  if (record == nullptr) return name.starts_with("Py") || name.starts_with("_Py");
  return in_header_elsewhere(program, record->span) && program.facts.files[record->span.file.n].find("/python3") != std::string::npos;
}

const model::Field* field_of(const Program& program, const Step& step) {
  const model::Record* record = program.record(step.record);
  if (record == nullptr) return nullptr;
  const auto it = std::find_if(record->fields.begin(), record->fields.end(), [&](const model::Field& field) { return field.name == step.field; });
  return it == record->fields.end() ? nullptr : &*it;
}

}  // namespace

Shared::Shared(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership, const std::vector<EntryPoint>& entries)
    : program_(program), contexts_(contexts), held_(held), ownership_(ownership), reach_(program.facts.functions.size(), 0),
      entered_(program.facts.functions.size(), false), takes_module_(program.facts.functions.size(), false) {
  for (const EntryPoint& entry : entries) entered_[entry.function] = true;
  for (const EntryPoint& entry : entries) {
    // The initialiser of a once flag runs before everything that waits for the flag.
    if (capi::runs_once(entry.slot)) continue;
    switch (entry.role) {
      case Role::module_init: case Role::module_exec: case Role::module_create: spread(entry.function, by_module_init); break;
      case Role::module_free: break;
      case Role::dealloc: case Role::traverse: case Role::clear: case Role::finalize:
        if (!entry.slot.starts_with("m_")) spread(entry.function, by_takedown);
        break;
      case Role::init_slot: spread(entry.function, by_init_slot); break;
      case Role::new_slot: case Role::alloc: spread(entry.function, by_new); break;
      case Role::detached: spread(entry.function, by_thread); break;
      default:
        if (entry.slot == "exported") spread(entry.function, by_export);
        else if (entry.slot == "tp_iternext" || entry.slot == "am_anext") spread(entry.function, by_next);
        else if (entry.slot == "bf_getbuffer" || entry.slot == "bf_releasebuffer") spread(entry.function, by_buffer);
        else spread(entry.function, by_python);
    }
  }
  std::set<std::uint32_t> module_methods;
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        if (cell.field == "m_methods" && cell.value.kind == Operand::Kind::global) module_methods.insert(cell.value.global.n);
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        if (module_methods.contains(table.variable.n) && cell.field == "ml_meth" && cell.value.kind == Operand::Kind::function)
          if (const FunctionId id = program.find(cell.value.function); id != none) takes_module_[id] = true;
  find_module_states();
  find_stack_records();
  for (FunctionId id = 0; id < program.facts.functions.size(); ++id) {
    const model::Function& function = program.function(id);
    if (function.name.starts_with("__Pyx") && !program.is_written_by_hand(function.span.file)) continue;
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
      if (edge.mention && (entered_[edge.to] || capi::runs_once(program_.function(id).events[edge.event].callee) || contexts_.runs_once(edge.to))) continue;
      queue.push_back(edge.to);
    }
  }
}

void Shared::find_module_states() {
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events) {
      for (const Operand& operand : event.operands) {
        if (operand.kind != Operand::Kind::call || !gives_module_state(function.events[operand.event].callee)) continue;
        if (event.kind == Event::Kind::write && event.place != none) module_states_[function.places[event.place].type.record] = true;
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

// Made in local variables, and nowhere else: what a callback gets through its void * is then the frame of who passed it.
void Shared::find_stack_records() {
  for (const model::Function& function : program_.facts.functions)
    for (const model::Variable& variable : function.variables)
      if (variable.storage == model::Storage::local && variable.type.kind == model::Type::Kind::record) stack_records_.insert(variable.type.record);
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events)
      if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty() && event.operands[0].kind == Operand::Kind::call)
        if (const model::Type& type = function.places[event.place].type; type.kind == model::Type::Kind::pointer) stack_records_.erase(type.record);
  for (const model::Global& global : program_.facts.globals) stack_records_.erase(global.type.record);
  for (const model::Record& record : program_.facts.records)
    for (const model::Field& field : record.fields) stack_records_.erase(field.type.record);
}

bool Shared::is_ours(const std::string& record) const {
  const model::Record* found = program_.record(record);
  return found != nullptr && !in_header_elsewhere(program_, found->span);
}

// A parameter that every caller gives the same global (or its address) is that global; so is a captured name of one.
Path Shared::lifted(FunctionId id, Path path, int depth) const {
  std::optional<Path> common;
  if (path.root == Path::Root::local && depth < callers_looked_through)
    if (const Operand* captured = program_.captured(id, path.number)) {
      const Creation& made = program_.creation(id);
      common = lifted(made.in, path_of(program_.function(made.in), held_.values(made.in), *captured, made.event), depth + 1);
      if (common->root != Path::Root::global) return path;
    }
  if (!common && (path.root != Path::Root::parameter || depth >= callers_looked_through || entered_[id])) return path;
  if (!common)
  for (const Edge& edge : program_.calls_to(id)) {
    if (edge.mention) return path;
    if (edge.from == id) continue;
    const model::Function& caller = program_.function(edge.from);
    const Event& call = caller.events[edge.event];
    if (path.number >= call.operands.size()) return path;
    Path given = lifted(edge.from, path_of(caller, held_.values(edge.from), call.operands[path.number], edge.event), depth + 1);
    if (given.root != Path::Root::global || (common && given.text() != common->text())) return path;
    common = std::move(given);
  }
  if (!common) return path;
  auto rest = path.steps.begin();
  if (common->is_address) {
    if (rest == path.steps.end()) return path.is_address ? path : *common;
    if (rest->kind == Step::Kind::field) return path;
    if (rest->kind == Step::Kind::deref) ++rest;
    common->is_address = path.is_address;
  }
  common->steps.insert(common->steps.end(), rest, path.steps.end());
  return *common;
}

std::optional<Shared::Target> Shared::target(FunctionId id, const Path& path, bool contents) const {
  const model::Function& function = program_.function(id);
  if (path.root == Path::Root::unknown) return std::nullopt;
  std::size_t last = none;  // the last step that leads through a pointer
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    if (follows_pointer(program_, function, path, i)) last = i;
  Target out{.kind = State::Kind::field, .contents = contents};
  const auto field_chain = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (path.steps[i].kind == Step::Kind::field) {
        if (out.record.empty()) out.record = path.steps[i].record;
        if (!path.steps[i].field.empty()) out.field += (out.field.empty() ? "" : ".") + path.steps[i].field;
      }
  };
  if (path.root == Path::Root::global) {
    const model::Global& global = program_.facts.globals[path.number];
    if (global.is_thread_local || !is_state_type(global.type) || in_header_elsewhere(program_, global.span)) return std::nullopt;
    const bool pointer = global.type.kind == model::Type::Kind::pointer;
    if (!pointer && is_cpython_record(program_, global.type.record) && global.type.indirections == 0) return std::nullopt;
    out.kind = global.storage == model::Storage::static_local ? State::Kind::static_local : State::Kind::global;
    out.global = {path.number}, out.type = global.type;
    if (last != none) {
      if (global.type.to_object) return std::nullopt;  // a field of the object that the global names: the object's business
      out.contents = true;
    }
    field_chain(0, path.steps.size());
    for (const Step& step : path.steps) {
      if (step.kind != Step::Kind::field) continue;
      if (is_cpython_record(program_, step.record)) return std::nullopt;
      if (const model::Field* field = field_of(program_, step); field != nullptr && !out.contents) out.type = field->type;
    }
    return is_state_type(out.type) ? std::optional(out) : std::nullopt;
  }
  if (last == none) return std::nullopt;
  std::size_t from = last + 1, base = last;
  const bool named = std::any_of(path.steps.begin() + static_cast<std::ptrdiff_t>(from), path.steps.end(), [](const Step& step) { return step.kind == Step::Kind::field; });
  if (!named) {
    // What a field's pointer leads to: the owner of the pointer answers for it.
    if (last == 0 || path.steps[last - 1].kind != Step::Kind::field) return std::nullopt;
    out.contents = true;
    std::size_t above = none;
    for (std::size_t i = 0; i < last; ++i)
      if (follows_pointer(program_, function, path, i)) above = i;
    if (above == none) return std::nullopt;
    from = above + 1, base = above;
    field_chain(from, last);
  } else {
    field_chain(from, path.steps.size());
  }
  if (!is_ours(out.record) || out.field.empty()) return std::nullopt;
  const Step* leaf = nullptr;
  for (std::size_t i = from; i < path.steps.size(); ++i)
    if (path.steps[i].kind == Step::Kind::field) leaf = &path.steps[i];
  if (leaf == nullptr || is_cpython_record(program_, leaf->record)) return std::nullopt;
  if (const model::Field* field = field_of(program_, *leaf)) out.type = field->type;
  if (!is_state_type(out.type)) return std::nullopt;
  out.base_steps = base;
  return out;
}

std::string Shared::key_of(const Target& target, const Path& path) {
  std::string key = target.kind == State::Kind::field ? target.record + "." + target.field : path.text(0) + "." + target.field;
  return target.contents ? key + "[]" : key;
}

Origin Shared::origin_of(FunctionId id, const Path& path, std::size_t steps) const {
  constexpr Origin unknown{Origin::Kind::shared, false, false};
  const model::Function& function = program_.function(id);
  Origin root = unknown;
  if (path.root == Path::Root::parameter || path.root == Path::Root::local) root = ownership_.of_local(id, path.at, path.number);
  else if (path.root == Path::Root::call) root = ownership_.of_call(id, path.at, path.number);
  if (steps == 0) return root;
  if (root.kind == Origin::Kind::fresh || root.kind == Origin::Kind::exclusive) return {Origin::Kind::exclusive};
  bool of_object = (path.root == Path::Root::parameter || path.root == Path::Root::local) && function.variables[path.number].type.to_object;
  for (std::size_t i = 0; i < steps; ++i)
    if (const model::Record* record = program_.record(path.steps[i].record)) of_object |= record->is_object;
  return {Origin::Kind::shared, root.certain && of_object, false};
}

// Where a parameter stands for a global, a lock named through it is named through the global.
std::vector<Lock> Shared::locks_at(const Site& site, const Path& given, const Path& path) const {
  std::vector<Lock> locks = held_.at(site.function, site.event);
  if (locks.empty() || given.root != Path::Root::parameter || path.root != Path::Root::global) return locks;
  Path bare = given;
  bare.steps.clear(), bare.is_address = false;
  const Path meant = lifted(site.function, bare, 0);
  const std::string from = bare.text() + (meant.is_address ? "*" : "");
  for (Lock& lock : locks) {
    const std::string mark = lock.what.starts_with("&") ? "&" : "";
    if (lies_in(lock.what.substr(mark.size()), bare.text()) && lock.what.substr(mark.size()).starts_with(from)) lock.what = mark + meant.text() + lock.what.substr(mark.size() + from.size());
  }
  return locks;
}

// A lock in terms that mean the same wherever the state is accessed: relative to the object, or a global.
void Shared::name_locks(Access& access, const Path& path, std::size_t base_steps, bool field, const std::vector<Lock>& locks) const {
  const std::string base = field ? path.text(base_steps) : "";
  const FunctionId id = access.site.function;
  for (const Lock& lock : locks) {
    const bool address = lock.what.starts_with("&");
    const std::string what = address ? lock.what.substr(1) : lock.what;
    const std::string mark = lock.kind == capi::LockCall::Kind::critical_section && !address ? "section" : "&";
    if (what.empty() || what == "?") {
      access.unknown_lock = true;
    } else if (what[0] == 'g') {
      access.locks.push_back(mark + what);
    } else if (field && what.substr(0, what.find_first_of("*.[@")) == base.substr(0, base.find_first_of("*.[@"))) {
      std::size_t common = 0;
      while (common < what.size() && common < base.size() && what[common] == base[common]) ++common;
      const auto boundary = [](const std::string& text, std::size_t at) { return at >= text.size() || text[at] == '*' || text[at] == '.' || text[at] == '['; };
      while (common > 0 && !(boundary(what, common) && boundary(base, common))) --common;
      access.locks.push_back(mark + (common < base.size() ? "^" + base.substr(common) : "") + what.substr(common));
    } else if (takes_module_[id] && what == "p0") {
      access.locks.push_back(mark + " module");
    } else if (what[0] == 'c' || what[0] == 'v') {
      access.unknown_lock = true;
    } else {
      access.other_lock = true;
    }
  }
}

void Shared::add(FunctionId id, EventId event, const Path& given, bool write, bool atomic, bool contents) {
  enter(by_key_, states_, id, event, given, write, atomic, contents);
}

void Shared::enter(std::map<std::string, std::uint32_t>& by_key, std::vector<State>& states, FunctionId id, EventId event, const Path& given, bool write, bool atomic, bool contents) {
  const Path path = lifted(id, given, 0);
  const std::optional<Target> where = target(id, path, contents);
  if (!where) return;
  Access access{.site = {id, event}, .write = write, .atomic = atomic};
  const bool field = where->kind == State::Kind::field;
  if (field) {
    access.origin = origin_of(id, path, where->base_steps);
    if (access.origin.is_private() || (where->base_steps == 0 && on_the_stack(id, path, 0))) return;
    if (!access.origin.certain && stack_records_.contains(where->record)) return;
    access.base = path.text(where->base_steps);
  } else {
    access.origin = {Origin::Kind::shared, true, false};
  }
  name_locks(access, path, where->base_steps, field, locks_at(access.site, given, path));
  if (!write && where->type.to_object && !where->contents) {
    const std::vector<Use> uses = uses_of_load(program_.function(id), held_.values(id), event);
    access.tested = !uses.empty() && std::all_of(uses.begin(), uses.end(), [](const Use& use) { return use.kind == Use::Kind::tested; });
  }
  const auto [it, made] = by_key.emplace(key_of(*where, path), static_cast<std::uint32_t>(states.size()));
  if (made) {
    State state{.kind = where->kind, .global = where->global, .record = where->record, .field = where->field, .contents = where->contents, .type = where->type};
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
        if (!writes_argument(event.callee, i)) continue;
        if (operand.kind == Operand::Kind::address) {
          add(id, e, path_of(function, values, function.places[operand.place], e), true, false, false);
        } else if (operand.kind == Operand::Kind::place) {
          const Path path = path_of(function, values, operand, e);
          if ((!path.steps.empty() || path.root == Path::Root::global) && !taken_out(program_, id, values, function.places[operand.place], e)) add(id, e, path, true, false, !path.is_address);
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
  if (event.operands.empty() || (event.callee != "PyDict_Clear" && event.callee != "PyList_Clear" && event.callee != "PySet_Clear")) return;
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
    if (!edge.mention && edge.event < event && held_.values(id).reaches(edge.event, event, none)) queue.push_back(edge.to);
  std::set<FunctionId> seen(queue.begin(), queue.end());
  while (!queue.empty()) {
    const FunctionId at = queue.back();
    queue.pop_back();
    if (std::any_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) { return access.site.function == at; })) return true;
    for (const Edge& edge : program_.calls_from(at))
      if (!edge.mention && seen.insert(edge.to).second) queue.push_back(edge.to);
  }
  return false;
}

const State* Shared::state_at(FunctionId id, std::uint32_t place, EventId at) const {
  const model::Function& function = program_.function(id);
  const Path path = lifted(id, path_of(function, held_.values(id), function.places[place], at), 0);
  const std::optional<Target> where = target(id, path, false);
  if (!where) return nullptr;
  const auto it = by_key_.find(key_of(*where, path));
  return it == by_key_.end() ? nullptr : &states_[it->second];
}

const State* Shared::state_of(FunctionId id, const Operand& operand, EventId at) const {
  if (operand.kind != Operand::Kind::place) return nullptr;
  const model::Function& function = program_.function(id);
  const Path path = lifted(id, path_of(function, held_.values(id), operand, at), 0);
  if (path.is_address) return nullptr;
  const std::optional<Target> where = target(id, path, false);
  if (!where) return nullptr;
  const auto it = by_key_.find(key_of(*where, path));
  return it == by_key_.end() ? nullptr : &states_[it->second];
}

bool Shared::conflict(const Access& a, const Access& b) const {
  if (!a.write && !b.write) return false;
  if (a.atomic && b.atomic) return false;
  if (a.unknown_lock && (b.unknown_lock || !b.locks.empty())) return false;
  if (b.unknown_lock && !a.locks.empty()) return false;
  return std::none_of(a.locks.begin(), a.locks.end(), [&](const std::string& lock) { return std::find(b.locks.begin(), b.locks.end(), lock) != b.locks.end(); });
}

std::optional<Race> Shared::race(const State& state, const std::function<bool(const Access&)>& wanted) const {
  std::optional<Race> best;
  int best_rank = -1;
  // Accesses of one function that hold the same are alike: one of each is enough to compare.
  std::vector<const Access*> kinds;
  for (const Access& access : state.accesses) {
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const Access* other) {
      return other->site.function == access.site.function && other->write == access.write && other->atomic == access.atomic && other->tested == access.tested && other->locks == access.locks && other->unknown_lock == access.unknown_lock;
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
      if (rank > best_rank) best = Race{write, other}, best_rank = rank;
    }
  }
  return best;
}

}  // namespace ftaudit::analysis
