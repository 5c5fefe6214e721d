#include "analysis/allocation.h"

#include <algorithm>

#include "capi/arguments.h"

namespace ftaudit::analysis {

using capi::Domain;
using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int depth_limit = 10;
constexpr std::size_t call_limit = 24;  // a pointer from more places than this is not followed

// The buffers that "es" and "et" make are the caller's to free, with PyMem_Free.
bool makes_buffer(const Event& parse) {
  return capi::argument_parse(parse.callee) != nullptr &&
         std::any_of(parse.operands.begin(), parse.operands.end(), [](const Operand& operand) {
           return operand.kind == Operand::Kind::text && operand.text.find('e') < operand.text.find_first_of(":;");
         });
}

// Placement new makes no memory, unless all it is given is how many bytes, or that it shall not throw.
bool is_placed(const model::Function& function, const model::Facts& facts, const Event& create) {
  return std::any_of(create.operands.begin(), create.operands.end(), [&](const Operand& given) {
    if (given.kind == Operand::Kind::number) return false;
    const Place* place = given.place == none ? nullptr : &function.places[given.place];
    return place == nullptr || place->root != Place::Root::global ||
           facts.globals[place->global].name != "std::nothrow";
  });
}

// What its caller gave it may come back.
bool hands_back(const model::Function& function, const Values& values) {
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::leave && !event.operands.empty() &&
        path_of(function, values, event.operands[0], e).root == Path::Root::parameter)
      return true;
  }
  return false;
}

}  // namespace

Allocation::Allocation(const Program& program, const Held& held, const Contexts& contexts, const Ownership* ownership)
    : program_(program), held_(held), contexts_(contexts), ownership_(ownership) {
  for (const FunctionId id : program.facts.functions.ids()) {
    const model::Function& function = program.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind == Event::Kind::write && event.place != none) {
        const Place& place = function.places[event.place];
        if (const std::string key = key_of(place); !key.empty()) stores_[key].push_back({id, e});
        if (place.type.kind == model::Type::Kind::record && !event.operands.empty() &&
            event.operands[0].kind == Operand::Kind::place)
          copied_.insert(place.type.record);
      }
      if (event.callee == "memcpy" || event.callee == "memmove")
        for (const Operand& operand : event.operands)
          if (operand.place != none) copied_.insert(function.places[operand.place].type.record);
      each_operand(event, [&](const Operand& operand) {
        if (operand.kind != Operand::Kind::address) return;
        if (const std::string key = key_of(function.places[operand.place]); !key.empty()) exposed_[key] = true;
      });
    }
  }
}

// A global, or a field of a struct that the project defines, down to the items of an array in it.
std::string Allocation::key_of(const Place& place) const {
  if (place.root == Place::Root::global && place.steps.empty()) return "g" + std::to_string(place.global.n);
  std::string items;
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step) {
    if (step->kind == Step::Kind::index) items += "[]";
    else if (step->kind == Step::Kind::field)
      return program_.record(step->record) != nullptr ? step->record + "." + step->field + items : "";
  }
  return "";
}

Allocation::Sources Allocation::of(FunctionId id, EventId at, const Operand& operand) const {
  Sources out;
  trace(id, at, operand, out, 0);
  settle(out);
  return out;
}

Allocation::Sources Allocation::in_field(const std::string& field) const {
  Sources out;
  if (copied_.contains(field.substr(0, field.find('.')))) out.complete = false;
  else trace_stores(field, out, 0);
  settle(out);
  return out;
}

std::string Allocation::field_before(const Path& path, std::size_t step) {
  std::string items;
  while (step-- > 0) {
    const Step& before = path.steps[step];
    if (before.kind == Step::Kind::index) items += "[]";
    else return before.kind == Step::Kind::field ? before.record + "." + before.field + items : "";
  }
  return "";
}

std::string Allocation::first_field(const Path& path) {
  for (std::size_t step = 1; step < path.steps.size(); ++step)
    if (path.steps[step].kind == Step::Kind::deref)
      if (std::string field = field_before(path, step); !field.empty()) return field;
  return "";
}

void Allocation::settle(Sources& out) const {
  if (!out.complete || out.calls.empty()) return;
  const auto domain = [&](const Site& site) {
    const capi::Allocator* maker = capi::allocator(program_.function(site.function).events[site.event].callee);
    return maker != nullptr ? maker->domain : Domain::mem;  // PyArg_Parse* takes its buffers from PyMem_Malloc
  };
  out.domain = domain(out.calls[0]);
  for (const Site& site : out.calls)
    if (domain(site) != out.domain) out.domain = Domain::none;
}

void Allocation::trace(FunctionId id, EventId at, const Operand& operand, Sources& out, int depth) const {
  if (!out.complete) return;
  if (depth > depth_limit || out.calls.size() > call_limit) {
    out.complete = false;
    return;
  }
  const model::Function& function = program_.function(id);
  switch (operand.kind) {
    case Operand::Kind::null: return;
    case Operand::Kind::call: return trace_call(id, operand.event, out, depth);
    case Operand::Kind::choice:
      for (const Operand& part : operand.parts) trace(id, at, part, out, depth + 1);
      return;
    case Operand::Kind::place: {
      const Place& place = function.places[operand.place];
      if (place.root == Place::Root::variable && place.steps.empty())
        return trace_local(id, at, place.variable, out, depth);
      const std::string key = key_of(place);
      if (key.empty()) out.complete = false;
      else trace_stores(key, out, depth);
      return;
    }
    default: out.complete = false;
  }
}

void Allocation::trace_local(FunctionId id, EventId at, std::uint32_t variable, Sources& out, int depth) const {
  const model::Function& function = program_.function(id);
  if (function.variables[variable].storage == model::Storage::captured || function.variables[variable].by_reference)
    out.complete = false;
  for (EventId given : held_.values(id).definitions(variable, at)) {
    if (!out.complete) return;
    if (given != none) {
      const Event& event = function.events[given];
      const bool plain = event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty() &&
                         event.operands[0].kind != Operand::Kind::address;
      if (plain) trace(id, given, event.operands[0], out, depth + 1);
      else if (is_call(event) && makes_buffer(event)) out.calls.push_back({id, given});
      else out.complete = false;
      continue;
    }
    if (variable >= function.parameters) continue;
    // A helper: what its callers give it. One that others may call tells nothing.
    if (contexts_.entry(id) != nullptr || program_.calls_to(id).empty()) out.complete = false;
    for (const Edge& edge : program_.calls_to(id)) {
      const Event& call = program_.function(edge.from).events[edge.event];
      if (edge.mention || variable >= call.operands.size()) out.complete = false;
      else if (edge.from != id) trace(edge.from, edge.event, call.operands[variable], out, depth + 1);
    }
  }
}

void Allocation::trace_call(FunctionId id, EventId call, Sources& out, int depth) const {
  const Event& event = program_.function(id).events[call];
  const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
  if (callee == none) {
    const capi::Allocator* made = capi::allocator(event.callee);
    if (made == nullptr || !made->allocates ||
        (made->domain == Domain::cxx && is_placed(program_.function(id), program_.facts, event)))
      out.complete = false;
    else out.calls.push_back({id, call});
    return;
  }
  if (ownership_ != nullptr && !hands_back(program_.function(callee), held_.values(callee)) &&
      ownership_->of_call({id}, call, call).kind == Origin::Kind::fresh) {
    out.calls.push_back({id, call});
    return;
  }
  const model::Function& body = program_.function(callee);
  for (const EventId e : body.events.ids())
    if (body.events[e].kind == Event::Kind::leave && !body.events[e].operands.empty())
      trace(callee, e, body.events[e].operands[0], out, depth + 1);
}

void Allocation::trace_stores(const std::string& key, Sources& out, int depth) const {
  const auto stores = stores_.find(key);
  if (stores == stores_.end() || exposed_.contains(key)) {
    out.complete = false;
    return;
  }
  if (std::find(open_.begin(), open_.end(), key) != open_.end()) return;  // a store of what was there before
  open_.push_back(key);
  for (const Site& store : stores->second) {
    const Event& event = program_.function(store.function).events[store.event];
    if (event.is_update() || event.operands.empty()) out.complete = false;
    else trace(store.function, store.event, event.operands[0], out, depth + 1);
  }
  open_.pop_back();
}

}  // namespace ftaudit::analysis
