#include "analysis/target.h"

#include <algorithm>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

namespace {

constexpr int callers_looked_through = 4;

bool is_state_type(const model::Type& type) {
  if (type.kind == model::Type::Kind::function || type.is_atomic || capi::is_lock_type(type.record) ||
      capi::is_atomic_type(type.record))
    return false;
  return !type.is_const;
}

bool in_header_elsewhere(const Program& program, const model::Span& span) {
  return span.file.n >= program.facts.files.size() || program.facts.files[span.file.n].starts_with("/");
}

// A record of CPython's headers. Tables of these are given to CPython, which reads them itself; what its objects hold
// is other rules' business.
bool is_cpython_record(const Program& program, const std::string& name) {
  const model::Record* record = program.record(name);
  if (record == nullptr) return name.starts_with("Py") || name.starts_with("_Py");
  return in_header_elsewhere(program, record->span) &&
         program.facts.files[record->span.file.n].find("/python3") != std::string::npos;
}

const model::Field* field_of(const Program& program, const Step& step) {
  const model::Record* record = program.record(step.record);
  if (record == nullptr) return nullptr;
  const auto it = std::find_if(record->fields.begin(), record->fields.end(),
                               [&](const model::Field& field) { return field.name == step.field; });
  return it == record->fields.end() ? nullptr : &*it;
}

}  // namespace

Targets::Targets(const Program& program, const Held& held, const std::vector<EntryPoint>& entries)
    : program_(program), held_(held), is_entry_(program.facts.functions.size(), false) {
  for (const EntryPoint& entry : entries) is_entry_[entry.function] = true;
  find_stack_records();
}

// What every caller gives a parameter, when it is the same global (or its address); so for a captured name of one.
std::optional<Path> Targets::global_meant(FunctionId id, const Path& path, int depth) const {
  if (depth >= callers_looked_through) return std::nullopt;
  const auto given = [&](FunctionId in, const Operand& operand, EventId at) {
    return lifted(in, path_of(program_.function(in), held_.values(in), operand, at), depth + 1);
  };
  std::optional<Path> common;
  if (path.root == Path::Root::local) {
    const Operand* captured = program_.captured(id, path.number);
    if (captured == nullptr) return std::nullopt;
    common = given(program_.creation(id).in, *captured, program_.creation(id).event);
    return common->root == Path::Root::global ? common : std::nullopt;
  }
  if (path.root != Path::Root::parameter || is_entry_[id]) return std::nullopt;
  for (const Edge& edge : program_.calls_to(id)) {
    if (edge.mention) return std::nullopt;
    if (edge.from == id) continue;
    const Event& call = program_.function(edge.from).events[edge.event];
    if (path.number >= call.operands.size()) return std::nullopt;
    Path one = given(edge.from, call.operands[path.number], edge.event);
    if (one.root != Path::Root::global || (common && one.text() != common->text())) return std::nullopt;
    common = std::move(one);
  }
  return common;
}

Path Targets::lifted(FunctionId id, Path path, int depth) const {
  std::optional<Path> common = global_meant(id, path, depth);
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
        if (out.record.empty()) out.record = path.steps[i].record;
        if (!path.steps[i].field.empty()) out.field += (out.field.empty() ? "" : ".") + path.steps[i].field;
      }
  };
  if (path.root == Path::Root::global) {
    const model::Global& global = program_.facts.globals[path.number];
    if (global.is_thread_local || !is_state_type(global.type) || in_header_elsewhere(program_, global.span))
      return std::nullopt;
    const bool pointer = global.type.kind == model::Type::Kind::pointer;
    if (!pointer && is_cpython_record(program_, global.type.record) && global.type.indirections == 0)
      return std::nullopt;
    out.kind = global.storage == model::Storage::static_local ? Target::Kind::static_local : Target::Kind::global;
    out.global = {path.number}, out.type = global.type;
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
    return is_state_type(out.type) ? std::optional(out) : std::nullopt;
  }
  if (last == none) return std::nullopt;
  std::size_t from = last + 1, base = last;
  const bool named = std::any_of(path.steps.begin() + static_cast<std::ptrdiff_t>(from), path.steps.end(),
                                 [](const Step& step) { return step.kind == Step::Kind::field; });
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
  if (!is_state_type(out.type)) return std::nullopt;
  out.base_steps = base;
  return out;
}

std::string Targets::key(const Target& target, const Path& path) {
  std::string key =
      target.kind == Target::Kind::field ? target.record + "." + target.field : path.text(0) + "." + target.field;
  return target.contents ? key + "[]" : key;
}

// The object is a local of every caller, who made it for the call: nobody else has it.
bool Targets::on_the_stack(FunctionId id, const Path& path, int depth) const {
  if (path.root == Path::Root::local) {
    const model::Variable& variable = program_.function(id).variables[path.number];
    return variable.storage == model::Storage::local && variable.type.kind == model::Type::Kind::record;
  }
  if (path.root != Path::Root::parameter || depth >= callers_looked_through || is_entry_[id]) return false;
  bool any = false;
  for (const Edge& edge : program_.calls_to(id)) {
    if (edge.from == id) continue;
    const model::Function& caller = program_.function(edge.from);
    const Event& call = caller.events[edge.event];
    if (edge.mention || path.number >= call.operands.size()) return false;
    const Path given = path_of(caller, held_.values(edge.from), call.operands[path.number], edge.event);
    if (!given.steps.empty() ||
        (given.is_address ? given.root != Path::Root::local : given.root != Path::Root::parameter) ||
        !on_the_stack(edge.from, given, depth + 1))
      return false;
    any = true;
  }
  return any;
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

bool Targets::is_ours(const std::string& record) const {
  const model::Record* found = program_.record(record);
  return found != nullptr && !in_header_elsewhere(program_, found->span);
}

}  // namespace ftaudit::analysis
