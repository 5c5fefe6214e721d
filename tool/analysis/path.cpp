#include "analysis/path.h"

#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int copies_looked_through = 6;

// `at`: where the root has the value meant; `used`: where what comes out of it is used.
Path resolve(const Function& function, const Values& values, const Place& place, EventId at, EventId used, int depth);
Path resolve(const Function& function, const Values& values, const Operand& operand, EventId at, EventId used,
             int depth);

// `old = self->items; self->items = fresh;`: what old leads to is no longer what self->items leads to. A local that is
// given another value keeps nothing from the copy that was made of it.
bool replaced_between(const Function& function, const Operand& copied, EventId from, EventId to) {
  if (copied.kind != Operand::Kind::place || from >= to) return false;
  const Place& place = function.places[copied.place];
  if (place.root == Place::Root::variable && place.steps.empty()) return false;
  for (EventId e = from + 1; e < to; ++e)
    if (function.events[e].kind == Event::Kind::write && function.events[e].place == copied.place) return true;
  return false;
}

// The result of a project function that only says where something lies.
Path resolve_result(const Function& function, const Values& values, EventId call, EventId used, int depth) {
  Path out{.root = Path::Root::call, .number = call.n, .at = call};
  const Path* path = depth < copies_looked_through ? values.result(call) : nullptr;
  if (path == nullptr) return out;
  if (path->root == Path::Root::global) return *path;
  const Event& event = function.events[call];
  if (path->root != Path::Root::parameter || path->number >= event.operands.size()) return out;
  const Path base = resolve(function, values, event.operands[path->number], call, used, depth + 1);
  return base.root == Path::Root::unknown ? out : spliced(base, *path);
}

// The C++ object in the Python object that a binding was given: what lies in it is reached through that one.
bool gives_instance(const Event& event) {
  return capi::gives_instance(event.callee) && !event.instance.empty() && !event.operands.empty();
}
Path within_object(const Function& function, const Values& values, EventId call, EventId used, int depth) {
  Path out = resolve(function, values, function.events[call].operands[0], call, used, depth + 1);
  out.is_address = false;
  return out;
}

// What a call makes a copy of: a smart pointer made of another or given one. The copy leads where the original does.
const Operand* copied_pointer(const Function& function, const Event& event) {
  const bool made = event.callee == "std::shared_ptr::shared_ptr" || event.callee == "std::shared_ptr::operator=";
  if (!made || event.operands.size() < 2) return nullptr;
  const Operand& original = event.operands[1];
  if (original.kind == Operand::Kind::call) return &original;
  const bool named = original.kind == Operand::Kind::address || original.kind == Operand::Kind::place;
  return named && function.places[original.place].type.record == "std::shared_ptr" ? &original : nullptr;
}
Path resolve_copied(const Function& function, const Values& values, const Operand& original, EventId call, EventId used,
                    int depth) {
  return original.kind == Operand::Kind::address
             ? resolve(function, values, function.places[original.place], call, used, depth + 1)
             : resolve(function, values, original, call, used, depth + 1);
}

Path resolve(const Function& function, const Values& values, const Operand& operand, EventId at, EventId used,
             int depth) {
  Path out;
  switch (operand.kind) {
    case Operand::Kind::place: return resolve(function, values, function.places[operand.place], at, used, depth);
    case Operand::Kind::address: {
      // The address of a variable stays the same whatever is written into it; what a pointer in it leads to does not.
      const Place& place = function.places[operand.place];
      const bool own = place.steps.empty() || place.steps[0].kind != Step::Kind::deref;
      out = resolve(function, values, place, at, used, own ? copies_looked_through : depth);
      out.is_address = true;
      return out;
    }
    case Operand::Kind::call: {
      const Event& event = function.events[operand.event];
      if (capi::counting(event.callee) == capi::Counting::hands_back && !event.operands.empty() &&
          depth < copies_looked_through)
        return resolve(function, values, event.operands[0], operand.event, used, depth + 1);
      if (gives_instance(event) && depth < copies_looked_through)
        return within_object(function, values, operand.event, used, depth);
      if (const Operand* original = copied_pointer(function, event);
          original != nullptr && depth < copies_looked_through)
        return resolve_copied(function, values, *original, operand.event, used, depth);
      return resolve_result(function, values, operand.event, used, depth);
    }
    default: return out;
  }
}

Path resolve(const Function& function, const Values& values, const Place& place, EventId at, EventId used, int depth) {
  Path out{.at = at, .steps = place.steps};
  // One element is as good as another: which one it is at run time is seldom known.
  for (Step& step : out.steps)
    if (step.kind == Step::Kind::index) step.field.clear();
  switch (place.root) {
    case Place::Root::unknown: return out;
    case Place::Root::global: out.root = Path::Root::global, out.number = place.global.n; return out;
    case Place::Root::call: {
      if (gives_instance(function.events[place.call]) && !out.steps.empty() && out.steps[0].kind == Step::Kind::deref &&
          depth < copies_looked_through)
        return spliced(within_object(function, values, place.call, used, depth), out);
      Path base = resolve_result(function, values, place.call, used, depth);
      if (base.root == Path::Root::call) {
        out.root = Path::Root::call, out.number = place.call.n;
        return out;
      }
      return spliced(base, out);
    }
    case Place::Root::variable: break;
  }
  out.number = place.variable;
  const model::Variable& variable = function.variables[place.variable];
  if (variable.storage == model::Storage::captured) {
    out.root = Path::Root::parameter;
    return out;
  }
  out.root = place.variable < function.parameters ? Path::Root::parameter : Path::Root::local;
  // A record that is handed over or copied as it is lies in this call's own memory; what its pointers lead to does not.
  const bool follows = std::ranges::find(place.steps, Step::Kind::deref, &Step::kind) != place.steps.end();
  if (!variable.by_reference && (out.root == Path::Root::parameter || !follows) && values.is_own_storage(place)) {
    out.root = Path::Root::local;
    return out;
  }
  if (depth >= copies_looked_through) return out;
  const std::vector<EventId>& given = values.definitions(place.variable, at);
  if (given.size() != 1) {
    if (out.root == Path::Root::parameter && !given.empty()) out.root = Path::Root::local;
    return out;
  }
  if (given[0] == none) return out;
  const Event& event = function.events[given[0]];
  const Operand* copied = is_call(event) && !out.steps.empty() ? copied_pointer(function, event) : nullptr;
  if (copied != nullptr && copied != event.operands.data() && values.local_of(event.operands[0]) == place.variable) {
    const Path origin = resolve_copied(function, values, *copied, given[0], used, depth);
    if (origin.root != Path::Root::unknown) return spliced(origin, out);
  }
  if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty()) {
    out.root = Path::Root::local;
    return out;
  }
  // A copy of what lies in a Python object is this function's own.
  const bool copies = event.operands[0].kind == Operand::Kind::call &&
                      gives_instance(function.events[event.operands[0].event]) &&
                      (out.steps.empty() || out.steps[0].kind != Step::Kind::deref);
  if (copies || values.is_own_storage(place)) {
    out.root = Path::Root::local;
    return out;
  }
  // Through a reference to a view: what that leads to.
  if (event.operands[0].kind == Operand::Kind::address && out.steps.size() > 1 &&
      out.steps[0].kind == Step::Kind::deref && out.steps[1].kind != Step::Kind::field) {
    Place element = function.places[event.operands[0].place];
    if (element.root == Place::Root::variable && element.steps.empty() && capi::views_memory(element.type.record)) {
      element.steps.assign(out.steps.begin() + 1, out.steps.end());
      return resolve(function, values, element, given[0], used, depth + 1);
    }
  }
  Path origin = resolve(function, values, event.operands[0], given[0], used, depth + 1);
  if (origin.root == Path::Root::unknown || replaced_between(function, event.operands[0], given[0], used)) {
    out.root = Path::Root::local;
    return out;
  }
  auto rest = out.steps.begin();
  if (origin.is_address) {
    if (rest == out.steps.end()) return origin;
    // &x followed is x; an element counted from &x[0] is an element of x.
    if (rest->kind == Step::Kind::field) return out;
    if (rest->kind == Step::Kind::deref) ++rest;
    origin.is_address = false;
  }
  origin.steps.insert(origin.steps.end(), rest, out.steps.end());
  return origin;
}

}  // namespace

std::string Path::text(std::size_t count) const {
  std::string out;
  switch (root) {
    case Root::unknown: return "";
    case Root::parameter: out = "p" + std::to_string(number); break;
    case Root::local: out = "v" + std::to_string(number); break;
    case Root::global: out = "g" + std::to_string(number); break;
    case Root::call: out = "c" + std::to_string(number); break;
    case Root::given: out = "r" + std::to_string(number); break;
  }
  for (std::size_t i = 0; i < count; ++i)
    out += steps[i].kind == Step::Kind::deref ? "*" : steps[i].kind == Step::Kind::index ? "[]" : "." + steps[i].field;
  return out;
}

Path path_of(const Function& function, const Values& values, const Place& place, EventId at) {
  return resolve(function, values, place, at, at, 0);
}
Path path_of(const Function& function, const Values& values, const Operand& operand, EventId at) {
  return resolve(function, values, operand, at, at, 0);
}

Path spliced(const Path& base, const Path& rest) {
  Path out = base;
  auto step = rest.steps.begin();
  if (base.is_address) {
    if (step == rest.steps.end()) return rest.is_address ? rest : base;
    if (step->kind == Step::Kind::field) return rest;
    if (step->kind == Step::Kind::deref) ++step;
  } else if (step == rest.steps.end() && rest.is_address) {
    return rest;  // of the parameter itself
  }
  out.is_address = rest.is_address;
  out.steps.insert(out.steps.end(), step, rest.steps.end());
  return out;
}

// An element of such a thing is part of it.
static bool is_array(const model::Type& type) {
  return type.kind == model::Type::Kind::array ||
         (type.kind == model::Type::Kind::record && capi::holds_inline(type.record));
}

bool follows_pointer(const Program& program, const Function& function, const Path& path, std::size_t step) {
  if (path.steps[step].kind == Step::Kind::deref) return true;
  if (path.steps[step].kind != Step::Kind::index) return false;
  std::size_t before = step;
  while (before > 0 && path.steps[before - 1].kind == Step::Kind::index) --before;
  if (before != step) return false;  // a[i][j]: the first index decides
  if (before > 0 && path.steps[before - 1].kind == Step::Kind::deref) return false;
  if (before > 0) {
    const Step& field = path.steps[before - 1];
    const model::Record* record = program.record(field.record);
    if (record == nullptr) return true;
    for (const model::Field& candidate : record->fields)
      if (candidate.name == field.field) return !is_array(candidate.type);
    return true;
  }
  switch (path.root) {
    case Path::Root::parameter:
    case Path::Root::local: return !is_array(function.variables[path.number].type);
    case Path::Root::global: return !is_array(program.facts.globals[path.global()].type);
    default: return true;
  }
}

const model::Operand* pointer_among(const model::Function& function, const std::vector<model::Operand>& parts) {
  using Kind = model::Operand::Kind;
  const model::Operand* out = nullptr;
  for (const model::Operand& part : parts) {
    const bool number =
        part.kind == Kind::number || part.kind == Kind::null || part.kind == Kind::parts ||
        (part.kind == Kind::place && function.places[part.place].type.kind == model::Type::Kind::scalar);
    if (number) continue;
    if (out != nullptr) return nullptr;
    out = &part;
  }
  return out;
}

}  // namespace ftaudit::analysis
