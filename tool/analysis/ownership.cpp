#include "analysis/ownership.h"

#include <algorithm>
#include <optional>

#include "analysis/parse_format.h"
#include "analysis/taken.h"
#include "base/text.h"
#include "capi/arguments.h"
#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/module_calls.h"
#include "capi/python_runs.h"
#include "capi/records.h"
#include "capi/references.h"
#include "capi/slots.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int step_limit = 3000;  // of one question: past it the answer is "perhaps shared"
constexpr Origin shared_surely{Origin::Kind::shared, true, false};
constexpr Origin shared_perhaps{Origin::Kind::shared, false, false};
constexpr Origin from_python{Origin::Kind::shared, true, true};

// Returns the object it was given, or a new one.
bool hands_back(std::string_view callee) { return capi::may_hand_back(callee) || capi::unwraps(callee); }

// How long a container is to be, not what it is made from.
bool is_number(const model::Function& function, const Operand& operand) {
  return operand.kind == Operand::Kind::number ||
         (operand.kind == Operand::Kind::place &&
          function.places[operand.place].type.kind == model::Type::Kind::scalar);
}

// The static type that a call calls, as PyObject_CallNoArgs((PyObject *)&Row_Type) does, or null.
const model::Table* called_type(const Program& program, const model::Function& function, const Event& event) {
  if (event.operands.empty() || !capi::calls_object(event.callee)) return nullptr;
  const Operand& called = event.operands[0];
  const bool by_address = called.kind == Operand::Kind::address && called.place != none &&
                          function.places[called.place].root == Place::Root::global &&
                          function.places[called.place].steps.empty();
  if (!by_address && called.kind != Operand::Kind::global) return nullptr;
  const model::Table* table = program.table(by_address ? function.places[called.place].global : called.global);
  return table != nullptr && capi::record_named(table->record) == capi::Record::type_object && !table->rows.empty()
             ? table
             : nullptr;
}

}  // namespace

Origin Ownership::of(const Frame& in, EventId at, const Operand& operand, int depth) const {
  const FunctionId id = in.function;
  if (depth == 0) steps_ = 0;
  if (++steps_ > step_limit) return shared_perhaps;
  const model::Function& function = program_.function(id);
  switch (operand.kind) {
    case Operand::Kind::null:
    case Operand::Kind::number:
    case Operand::Kind::text: return {};
    case Operand::Kind::call: return of_result(in, at, operand.event, depth);
    case Operand::Kind::choice: {
      Origin out;
      for (const Operand& part : operand.parts) out = worse(out, of(in, at, part, depth));
      return out;
    }
    case Operand::Kind::place: {
      const Place& place = function.places[operand.place];
      if (checked_immutable(id, at, operand)) return {Origin::Kind::immutable};
      if (place.root == Place::Root::variable && place.steps.empty()) return of_variable(in, at, place.variable, depth);
      if (place.root == Place::Root::global) {
        const model::Global& global = program_.facts.globals[place.global];
        if (global.is_thread_local) return {Origin::Kind::exclusive};
        return shared_surely;
      }
      // What hangs off an object nobody else has is nobody else's either.
      Origin root = shared_perhaps;
      if (place.root == Place::Root::variable) root = of_variable(in, at, place.variable, depth + 1);
      else if (place.root == Place::Root::call) root = of_result(in, at, place.call, depth + 1);
      const bool own_block = root.kind == Origin::Kind::fresh || root.kind == Origin::Kind::exclusive;
      if (own_block && ways_.behind_cell && in.caller == nullptr) {
        Path path = path_of(function, held_.values(id), place, at);
        if (const auto known = ways_.behind_cell(id, in.view, path, at)) return *known;
        // The object that such a pointer leads to may have been given to others.
        path.steps.push_back({model::Step::Kind::deref, {}, {}});
        if (const auto known = ways_.behind_cell(id, in.view, path, at);
            known && place.type.to_object && known->kind == Origin::Kind::shared && !known->certain)
          return *known;
      }
      if (own_block && given_away(in, at, operand, depth)) return shared_perhaps;
      if (own_block) return carries_what_is_shared(in, place, depth) ? shared_surely : Origin{Origin::Kind::exclusive};
      // Put there a moment ago and made for it: nobody else's unless the object around it surely is.
      if (!root.certain && just_made(in, at, operand.place, depth)) return {Origin::Kind::exclusive};
      // An array of references on the stack (vectorcall arguments) or an item of a tuple: the object itself may be
      // anybody's. A field is surely shared when it hangs off a Python object; a struct of the project's own may be
      // anything.
      bool field = false,
           of_object = place.root == Place::Root::variable && function.variables[place.variable].type.to_object;
      for (const model::Step& step : place.steps) {
        if (step.kind != model::Step::Kind::field) continue;
        field = true;
        const model::Record* record = program_.record(step.record);
        of_object |= record != nullptr && record->is_object;
      }
      bool certain = root.certain || (field && of_object) || gathers_shared(in, place, depth);
      if (!certain && field && place.steps.back().kind == model::Step::Kind::field)
        certain = field_of_others(place.steps.back().record, place.steps.back().field, depth);
      return {Origin::Kind::shared, certain, !field && root.from_python};
    }
    case Operand::Kind::address: {
      // A binding's object passed by reference stands for the Python object in it.
      const Place& place = function.places[operand.place];
      if (place.root == Place::Root::variable && place.steps.empty() && capi::is_wrapped_container(place.type.record))
        return of_variable(in, at, place.variable, depth);
      const bool direct = std::none_of(place.steps.begin(), place.steps.end(),
                                       [](const model::Step& step) { return step.kind == model::Step::Kind::deref; });
      if (place.root == Place::Root::global) {
        const model::Global& global = program_.facts.globals[place.global];
        if (capi::is_immortal(global.name)) return {};  // as good as NULL: nothing in it changes
        return global.is_thread_local ? Origin{Origin::Kind::exclusive} : shared_surely;
      }
      if (place.root != Place::Root::variable) return shared_perhaps;
      // On this call's own stack.
      if (direct && place.type.kind != model::Type::Kind::reference &&
          function.variables[place.variable].storage == model::Storage::local)
        return {Origin::Kind::exclusive};
      // Part of an object: as shared as the object.
      const Origin root = of_variable(in, at, place.variable, depth + 1);
      return root.is_private() && root.kind != Origin::Kind::none
                 ? Origin{Origin::Kind::exclusive}
                 : Origin{Origin::Kind::shared, root.certain, root.from_python};
    }
    case Operand::Kind::parts: {
      const Operand* pointer = pointer_among(function, operand.parts);
      const Origin block = pointer == nullptr ? shared_perhaps : of(in, at, *pointer, depth + 1);
      if (block.kind == Origin::Kind::fresh) return block;  // another way to the same new block
      return block.is_private() && block.kind != Origin::Kind::none ? Origin{Origin::Kind::exclusive} : block;
    }
    default: return shared_perhaps;
  }
}

// The last write to the place on every way to `at` gave it a fresh object.
bool Ownership::just_made(const Frame& in, EventId at, std::uint32_t place, int depth) const {
  const EventId made = held_.values(in.function).written_before(place, at);
  if (made == none) return false;
  const Flow& flow = program_.flow(in.function);
  return flow.dominates(flow.block_of[made], flow.block_of[at]) &&
         of(in, made, program_.function(in.function).events[made].operands[0], depth + 1).kind == Origin::Kind::fresh;
}

Origin Ownership::of_variable(const Frame& in, EventId at, std::uint32_t variable, int depth) const {
  const FunctionId id = in.function;
  if (depth > depth_limit) return shared_perhaps;
  const model::Function& function = program_.function(id);
  if (function.variables[variable].storage == model::Storage::captured) {
    // What a lambda captures is what it was made from.
    const model::Operand* captured = program_.captured(id, variable);
    if (captured == nullptr) return shared_perhaps;
    const Creation& made = program_.creation(id);
    const Origin origin = of(Frame{made.in}, made.event, *captured, depth + 1);
    // What a constructor makes its members of is called when the object has long been everybody's.
    if (origin.kind == Origin::Kind::exclusive && program_.function(made.in).is_constructor &&
        std::ranges::any_of(program_.calls_to(id),
                            [&](const Edge& edge) { return (edge.indirect || !edge.mention) && edge.from != made.in; }))
      return from_python;
    return origin.kind == Origin::Kind::fresh ? shared_perhaps : origin;
  }
  Origin out;
  for (EventId given : held_.values(id).definitions(variable, at)) {
    if (given == none) {
      if (variable < function.parameters) out = worse(out, of_parameter(in, variable, depth));
      continue;
    }
    const Event& event = function.events[given];
    if (event.kind == Event::Kind::write && event.is_update()) out = worse(out, shared_perhaps);
    else if (event.kind == Event::Kind::write && !event.operands.empty() &&
             event.operands[0].kind != Operand::Kind::address) {
      // A node that was taken off a list is as good as one that was made.
      const bool taken =
          !function.variables[variable].type.to_object && is_taken(program_, id, held_.values(id), given, at);
      Origin origin = taken ? Origin{Origin::Kind::fresh} : of(in, given, event.operands[0], depth + 1);
      // Freshness is lost on the way from where it was made to here.
      if (origin.kind == Origin::Kind::fresh)
        origin = fresh_unless(gets_out(in, at, held_.values(id).uses(given, variable), depth));
      out = worse(out, origin);
    } else if (is_call(event)) {
      out = worse(out, of_out_parameter(in, given, variable, depth));
    } else {
      out = worse(out, shared_perhaps);
    }
  }
  return out;
}

// What the first argument of a call holds: arguments of the Python call are Python's; what a container of ours holds is
// as shared as the container; what a private container holds may still be anybody's.
Origin Ownership::held_by(const Frame& in, EventId call, int depth) const {
  const Origin holder = of(in, call, program_.function(in.function).events[call].operands[0], depth + 1);
  if (holder.kind == Origin::Kind::argument) return from_python;
  if (holder.kind == Origin::Kind::shared) return holder;
  return shared_perhaps;
}

Origin Ownership::of_out_parameter(const Frame& in, EventId call, std::uint32_t variable, int depth) const {
  const FunctionId id = in.function;
  const model::Function& function = program_.function(id);
  const Event& event = function.events[call];
  for (std::size_t i = 0; i < event.operands.size(); ++i) {
    const Operand& operand = event.operands[i];
    if (operand.kind != Operand::Kind::address || held_.values(id).local_of(operand) != variable) continue;
    // py::dict made here; made from something else it is that.
    if (i == 0 && capi::is_wrapped_container(function.variables[variable].type.record)) {
      if (event.operands.size() > 1 && !is_number(function, event.operands[1]))
        return of(in, call, event.operands[1], depth + 1);
      const std::vector<Use> later = held_.values(id).uses(call, variable);
      return fresh_unless(gets_out(in, call, later, depth));
    }
    if (capi::parses_arguments(event.callee))
      return capi::is_immutable_type(demanded_type(program_, function, event, i)) ? Origin{Origin::Kind::immutable}
                                                                                  : from_python;
    if (capi::walks(event.callee) || capi::hands_out_held(event.callee)) return held_by(in, call, depth);
  }
  return shared_perhaps;
}

Origin Ownership::of_parameter(const Frame& in, std::uint32_t parameter, int depth) const {
  const model::Function& body = program_.function(in.function);
  if (depth > depth_limit) return shared_perhaps;
  // An object being made or destroyed is nobody else's.
  if (parameter == 0 && body.has_this && (body.is_constructor || body.is_destructor)) return {Origin::Kind::exclusive};
  Origin out = shared_perhaps;
  if (in.caller != nullptr) {
    const Event& call = program_.function(in.caller->function).events[in.call];
    if (parameter < call.operands.size()) out = of(*in.caller, in.call, call.operands[parameter], depth + 1);
  } else if (in.view != nullptr) {
    if (parameter < in.view->given.size()) out = in.view->given[parameter].origin;
  } else if (contexts_.init_only(in.function) || (parameter == 0 && contexts_.exclusive(in.function))) {
    return {Origin::Kind::exclusive};
  } else if (ways_.given) {
    out = ways_.given(in.function, parameter);
  }
  // One wrapper being shared says nothing about the others of its class.
  if (parameter == 0 && body.has_this && is_holder(body.variables[0])) out.certain = false;
  return out;
}

Origin Ownership::of_result(const Frame& in, EventId at, EventId call, int depth) const {
  const FunctionId id = in.function;
  if (depth > depth_limit) return shared_perhaps;
  const model::Function& function = program_.function(id);
  const Event& event = function.events[call];
  if (event.callee.empty()) {
    // type->tp_alloc(type, 0)
    const bool alloc =
        event.target.place != none && !function.places[event.target.place].steps.empty() &&
        capi::slot_use(function.places[event.target.place].steps.back().field) == capi::SlotUse::allocation;
    if (!alloc) return shared_perhaps;
    return fresh_unless(gets_out(in, at, held_.values(id).uses(call), depth));
  }
  if (hands_back(event.callee) && !event.operands.empty()) return of(in, call, event.operands[0], depth + 1);
  if (capi::gives_module_state(event.callee) || capi::gives_module_dict(event.callee) ||
      capi::imports_capsule(event.callee))
    return shared_surely;
  // What a capsule leads to is as shared as the capsule.
  if (capi::opens_capsule(event.callee) && !event.operands.empty()) {
    const Origin capsule = of(in, call, event.operands[0], depth + 1);
    return capsule.kind == Origin::Kind::exclusive ? capsule : Origin{Origin::Kind::shared, capsule.certain};
  }
  if (capi::hands_out_held(event.callee) && !event.operands.empty()) return held_by(in, call, depth);
  // A tuple from anywhere cannot change, whoever else has it.
  if (capi::makes_tuple(event.callee)) return {Origin::Kind::immutable};
  bool fresh = capi::makes_fresh(event.callee) || capi::allocates(event.callee);
  if (capi::builds_by_format(event.callee))
    fresh =
        !event.operands.empty() && (event.operands[0].text.starts_with("[") ||
                                    event.operands[0].text.starts_with("{") || event.operands[0].text.starts_with("("));
  FunctionId callee = fresh || event.callee_key.text.empty() ? none : program_.find(event.callee_key);
  if (const model::Table* type = called_type(program_, function, event)) {
    fresh = true;  // by the tp_new of a base or of the C API, unless it has its own
    for (const model::Cell& cell : type->rows[0].cells)
      if (cell.field == capi::fields::make && cell.value.kind == Operand::Kind::function)
        callee = program_.find(cell.value.function), fresh = callee == none;
  }
  if (!fresh && callee != none) {
    if (const std::optional<Origin> held = of_held(in, at, call, depth + 1)) return *held;
    if (callee != id) {
      if (const std::uint32_t parameter = handed_back(callee); parameter < event.operands.size())
        return of(in, call, event.operands[parameter], depth + 1);
      Origin out;
      bool certain = true;
      const model::Function& body = program_.function(callee);
      for (const EventId e : body.events.ids())
        if (body.events[e].kind == Event::Kind::leave && !body.events[e].operands.empty()) {
          const Origin one = of(Frame{callee, nullptr, &in, call}, e, body.events[e].operands[0], depth + 1);
          certain &= one.kind == Origin::Kind::none || one.certain;
          out = worse(out, one);
        }
      // A new one on one way, a shared one on another: which of them this call gives is not known.
      out.certain = certain;
      fresh = out.kind == Origin::Kind::fresh;
      if (!fresh && out.kind != Origin::Kind::none) return out;
    }
  }
  if (!fresh) return shared_perhaps;
  return fresh_unless(gets_out(in, at, held_.values(id).uses(call), depth));
}

Origin Ownership::fresh_unless(Escape escape) const {
  return escape == Escape::no ? Origin{Origin::Kind::fresh} : escape == Escape::surely ? shared_surely : shared_perhaps;
}

// Whether somebody else may have got hold of the object before `until`.
Ownership::Escape Ownership::gets_out(const Frame& in, EventId until, const std::vector<Use>& uses, int depth) const {
  const FunctionId id = in.function;
  const model::Function& function = program_.function(id);
  Escape worst = Escape::no;
  for (const Use& use : uses) {
    if (use.event >= until) continue;
    const Event& event = function.events[use.event];
    if (use.kind == Use::Kind::stored) {
      const Place& place = function.places[event.place];
      if (place.root == Place::Root::variable && depth < depth_limit &&
          of_variable(in, use.event, place.variable, depth + 2).kind == Origin::Kind::fresh) {
        // From there it may be given to others.
        for (EventId e = use.event + 1; e < until && e < function.events.next_id(); ++e)
          for (std::size_t i = 0; i < function.events[e].operands.size() && is_call(function.events[e]); ++i)
            if (const Operand& given = function.events[e].operands[i];
                given.kind == Operand::Kind::place && given.place == event.place)
              worst =
                  std::max(worst, gets_out(in, until, {{Use::Kind::passed, e, static_cast<int>(i), false}}, depth + 1));
        continue;
      }
      // Into a variable of this thread's alone.
      if (place.root == Place::Root::global && place.steps.empty() &&
          program_.facts.globals[place.global].is_thread_local)
        continue;
      // Into a struct of the caller's, who may be the only one to have it; or for everybody to see.
      const model::Record* record = place.steps.empty() ? nullptr : program_.record(place.steps.back().record);
      const Flow& flow = program_.flow(id);
      if ((place.root == Place::Root::global || (record != nullptr && record->is_object)) &&
          (until == none || flow.dominates(flow.block_of[use.event], flow.block_of[until])))
        return Escape::surely;
      worst = Escape::perhaps;
      continue;
    }
    // Py_NewRef gives the same object under a second reference.
    if (use.kind == Use::Kind::counted && capi::counting(event.callee) == capi::Counting::hands_back &&
        depth < depth_limit)
      worst = std::max(worst, gets_out(in, until, held_.values(id).uses(use.event), depth + 1));
    if (use.kind != Use::Kind::passed) continue;
    if (!event.callee_key.text.empty()) {
      const FunctionId callee = program_.find(event.callee_key);
      if (callee != none) {
        if (depth > depth_limit || callee == id ||
            static_cast<std::uint32_t>(use.argument) >= program_.function(callee).parameters)
          worst = std::max(worst, Escape::perhaps);
        else
          worst =
              std::max(worst, gets_out(Frame{callee, nullptr, &in, use.event}, none,
                                       held_.values(callee).uses_of_parameter(static_cast<std::uint32_t>(use.argument)),
                                       depth + 2));
        continue;
      }
    }
    if (!capi::keeps_argument(event.callee, use.argument) ||
        (use.argument == 0 && capi::changes_unlocked(event.callee)))
      continue;
    // Reading through a container's own API does not publish it; giving it to code that can keep it may.
    const capi::Suspends why = capi::suspends(event.callee);
    if (why != capi::Suspends::never && why != capi::Suspends::conversions) worst = std::max(worst, Escape::perhaps);
  }
  return worst;
}

}  // namespace ftaudit::analysis
