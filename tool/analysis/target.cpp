#include "analysis/target.h"

#include <algorithm>

#include "capi/capi.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

// A lock never is; what leads to one is: who finds it unset makes one of his own.
bool is_state_type(const model::Type& type, bool contents) {
  const bool leads_there = type.kind == model::Type::Kind::pointer && !contents;
  if (type.kind == model::Type::Kind::function || type.is_atomic || (capi::is_lock_type(type.record) && !leads_there) ||
      capi::is_atomic_type(type.record))
    return false;
  return !type.is_const;
}

bool in_header_elsewhere(const Program& program, const model::Span& span) {
  return !program.facts.files.has(span.file) || program.facts.files[span.file].starts_with("/");
}

// A record of CPython's headers. Tables of these are given to CPython, which reads them itself; what its objects hold
// is other rules' business.
bool is_cpython_record(const Program& program, const std::string& name) {
  const model::Record* record = program.record(name);
  if (record == nullptr) return capi::is_api_name(name);
  return in_header_elsewhere(program, record->span) &&
         program.facts.files[record->span.file].find("/python3") != std::string::npos;
}

// Pairs and tuples of the C++ library: who has one has what is in it.
bool is_library(const std::string& record) { return record.starts_with("std::"); }

const model::Field* field_of(const Program& program, const Step& step) {
  const model::Record* record = program.record(step.record);
  if (record == nullptr) return nullptr;
  const auto it = std::find_if(record->fields.begin(), record->fields.end(),
                               [&](const model::Field& field) { return field.name == step.field; });
  return it == record->fields.end() ? nullptr : &*it;
}

}  // namespace

Targets::Targets(const Program& program, const Held& held) : program_(program) {
  find_stack_records();
  find_lent(held);
}

std::optional<Target> Targets::of(FunctionId id, const Path& path, bool contents) const {
  const model::Function& function = program_.function(id);
  if (path.root == Path::Root::unknown) return std::nullopt;
  std::size_t last = none;  // the last step that leads through a pointer
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    if (follows_pointer(program_, function, path, i)) last = i;
  Target out{.kind = Target::Kind::field, .contents = contents};
  const auto field_chain = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (path.steps[i].kind == Step::Kind::field) {
        if (out.record.empty() && !is_library(path.steps[i].record)) out.record = path.steps[i].record;
        if (!path.steps[i].field.empty()) out.field += (out.field.empty() ? "" : ".") + path.steps[i].field;
      }
  };
  // What a global of the object's type leads to is that object, whoever else has it.
  const auto names_object = [&](const model::Global& global) {
    return last != none && global.type.to_object && !global.is_thread_local;
  };
  if (path.root == Path::Root::global && !(last != none && lent_.contains(path.global())) &&
      !names_object(program_.facts.globals[path.global()])) {
    const model::Global& global = program_.facts.globals[path.global()];
    if (global.is_thread_local || !is_state_type(global.type, last != none) ||
        in_header_elsewhere(program_, global.span))
      return std::nullopt;
    const bool pointer = global.type.kind == model::Type::Kind::pointer;
    if (!pointer && is_cpython_record(program_, global.type.record) && global.type.indirections == 0)
      return std::nullopt;
    out.kind = global.storage == model::Storage::static_local ? Target::Kind::static_local : Target::Kind::global;
    out.global = path.global(), out.type = global.type;
    if (last != none) {
      if (global.type.to_object)
        return std::nullopt;  // a field of the object that the global names: the object's business
      out.contents = true;
    }
    field_chain(0, path.steps.size());
    for (const Step& step : path.steps) {
      if (step.kind != Step::Kind::field) continue;
      if (is_cpython_record(program_, step.record)) return std::nullopt;
      if (const model::Field* field = field_of(program_, step); field != nullptr && !out.contents)
        out.type = field->type;
    }
    return is_state_type(out.type, out.contents) ? std::optional(out) : std::nullopt;
  }
  if (last == none) return std::nullopt;
  std::size_t from = last + 1, base = last;
  const bool named =
      std::any_of(path.steps.begin() + static_cast<std::ptrdiff_t>(from), path.steps.end(),
                  [](const Step& step) { return step.kind == Step::Kind::field && !is_library(step.record); });
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
  if (const model::Field* field = field_of(program_, *leaf)) {
    if (field->confined) return std::nullopt;
    out.type = field->type;
  }
  if (!is_state_type(out.type, out.contents)) return std::nullopt;
  out.base_steps = base;
  return out;
}

std::string Targets::key(const Target& target, const Path& path) {
  std::string key =
      target.kind == Target::Kind::field ? target.record + "." + target.field : path.text(0) + "." + target.field;
  return target.contents ? key + "[]" : key;
}

// Made in local variables, and nowhere else: what a callback gets through its void * is then the frame of who passed
// it.
void Targets::find_stack_records() {
  for (const model::Function& function : program_.facts.functions)
    for (const model::Variable& variable : function.variables)
      if (variable.storage == model::Storage::local && variable.type.kind == model::Type::Kind::record)
        stack_records_.insert(variable.type.record);
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events)
      if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty() &&
          event.operands[0].kind == Operand::Kind::call)
        if (const model::Type& type = function.places[event.place].type; type.kind == model::Type::Kind::pointer)
          stack_records_.erase(type.record);
  for (const model::Global& global : program_.facts.globals) stack_records_.erase(global.type.record);
  for (const model::Record& record : program_.facts.records)
    for (const model::Field& field : record.fields) stack_records_.erase(field.type.record);
}

// What a thread-local pointer leads to is its thread's as long as nobody else gets it. A capsule can go anywhere.
void Targets::find_lent(const Held& held) {
  const auto own_pointer = [&](const model::Global& global) {
    return global.is_thread_local && global.type.kind == model::Type::Kind::pointer && !global.type.to_object;
  };
  if (std::none_of(program_.facts.globals.begin(), program_.facts.globals.end(), own_pointer)) return;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (!is_call(event) || !capi::makes_capsule(event.callee) || event.operands.empty()) continue;
      const Path path = path_of(function, held.values(id), event.operands[0], e);
      if (path.root == Path::Root::global && path.steps.empty() && !path.is_address &&
          own_pointer(program_.facts.globals[path.global()]))
        lent_.insert(path.global());
    }
  }
}

bool Targets::is_ours(const std::string& record) const {
  const model::Record* found = program_.record(record);
  return found != nullptr && !in_header_elsewhere(program_, found->span);
}

}  // namespace ftaudit::analysis
