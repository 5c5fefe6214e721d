// Values, the part about what a value is: the same names for the same objects, and what it was made of.
#include <algorithm>
#include <charconv>

#include "analysis/path.h"
#include "analysis/values.h"
#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int identity_depth = 6;  // copies looked through

EventId only(const std::vector<EventId>& given) { return given.size() == 1 ? given[0] : EventId(none); }

// Where there is an object at all it is from here: all others set the local to NULL.
EventId only_object(const model::Function& function, const std::vector<EventId>& given) {
  EventId found = none;
  for (const EventId one : given) {
    if (one == none) return none;
    const Event& event = function.events[one];
    const bool null = event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty() &&
                      constant(event.operands[0]) == 0;
    if (null) continue;
    if (found != none) return none;
    found = one;
  }
  return found;
}

}  // namespace

bool Values::is_of_this_thread(const Operand& operand, EventId at) const {
  for (EventId before; before < at; ++before)
    if (is_call(function_.events[before]) && capi::identifies_thread(function_.events[before].callee) &&
        comes_from(operand, at, before, true))
      return true;
  return false;
}

bool Values::comes_from(const Operand& operand, EventId at, EventId source, bool computed, int depth) const {
  bool found = false;
  each_operand(operand, [&](const Operand& part) {
    if (found || depth > 4) return;
    if (part.kind == Operand::Kind::call) {
      found = part.event == source;
      if (!found && computed)
        for (const Operand& argument : function_.events[part.event].operands)
          found |= comes_from(argument, part.event, source, true, depth + 1);
    } else if (const std::uint32_t local = local_of(part); local != none) {
      for (EventId given : definitions(local, at)) {
        if (found || given == none) continue;
        const Event& event = function_.events[given];
        found = given == source || (event.kind == Event::Kind::write && !event.operands.empty() &&
                                    comes_from(event.operands[0], given, source, computed, depth + 1));
      }
    }
  });
  return found;
}

// Names an element. One that cannot be told again is exactly the same only where it is the same event that reads it.
std::string Values::element(const model::Step& step, EventId at, bool exact) const {
  const bool counted = step.field.starts_with("v"), computed = step.field.starts_with("=");
  if (!exact) return counted || computed ? "[]" : "[" + step.field + "]";
  if (step.field.empty() || computed) return "[@" + std::to_string(at.n) + "]";
  std::string out = "[" + step.field;
  std::uint32_t variable = none;
  std::from_chars(step.field.data() + 1, step.field.data() + step.field.size(), variable);
  if (counted && variable < function_.variables.size())
    for (const EventId given : definitions(variable, at)) out += "@" + (given == none ? "" : std::to_string(given.n));
  return out + "]";
}

std::string Values::name(const Place& place, EventId at, bool exact, int depth) const {
  std::string out;
  switch (place.root) {
    case Place::Root::unknown: return "";
    case Place::Root::global: out = "g" + std::to_string(place.global.n); break;
    case Place::Root::call: {
      Operand called{.kind = Operand::Kind::call, .event = place.call};
      out = result(place.call) != nullptr && depth < identity_depth ? name(called, at, exact, depth + 1)
                                                                    : "c" + std::to_string(place.call.n);
      break;
    }
    case Place::Root::variable: {
      out = (is_given(function_, place.variable) ? "p" : "v") + std::to_string(place.variable);
      if (depth >= identity_depth || is_own_storage(place)) break;
      const EventId given = place.steps.empty() ? only(definitions(place.variable, at))
                                                : only_object(function_, definitions(place.variable, at));
      if (given == none) break;
      const Event& event = function_.events[given];
      if (event.kind != Event::Kind::write || event.operands.empty()) {
        out += "@" + std::to_string(given.n);
        break;
      }
      std::string origin = name(event.operands[0], given, exact, depth + 1);
      if (origin.empty()) {
        out += "@" + std::to_string(given.n);
        break;
      }
      out = std::move(origin);
      break;
    }
  }
  for (const model::Step& step : place.steps) {
    if (step.kind == model::Step::Kind::deref && out.starts_with("&")) out.erase(0, 1);
    else
      out += step.kind == model::Step::Kind::deref   ? "*"
             : step.kind == model::Step::Kind::index ? element(step, at, exact)
                                                     : "." + step.field;
  }
  return out;
}

std::string Values::name(const Operand& operand, EventId at, bool exact, int depth) const {
  switch (operand.kind) {
    case Operand::Kind::place: {
      const Place& place = function_.places[operand.place];
      if (place.root == Place::Root::variable && place.steps.empty() && place.variable >= function_.parameters &&
          depth < identity_depth)
        if (const std::vector<EventId>& given = definitions(place.variable, at); given.size() > 1)
          if (const EventId made = only_object(function_, given); made != none)
            if (const Event& event = function_.events[made]; event.kind == Event::Kind::write)
              if (std::string origin = name(event.operands[0], made, exact, depth + 1); !origin.empty()) return origin;
      return name(place, at, exact, depth);
    }
    case Operand::Kind::address: {
      // The address of a variable stays the same whatever is written into it; what a pointer in it leads to does not.
      const Place& named = function_.places[operand.place];
      const bool own = named.steps.empty() || named.steps[0].kind != model::Step::Kind::deref;
      const std::string place = name(named, at, exact, own ? identity_depth : depth);
      return place.empty() ? place : "&" + place;
    }
    case Operand::Kind::call: {
      const Event& event = function_.events[operand.event];
      // The same object under a second reference.
      if (capi::counting(event.callee) == capi::Counting::hands_back && !event.operands.empty() &&
          depth < identity_depth)
        return name(event.operands[0], operand.event, exact, depth + 1);
      // dict.ptr() is the object that dict wraps.
      if (capi::unwraps(event.callee) && !event.operands.empty() && depth < identity_depth) {
        const std::string handle = name(event.operands[0], operand.event, exact, depth + 1);
        return handle.empty() ? handle : handle.starts_with("&") ? handle.substr(1) : handle + "*";
      }
      // What an accessor answers with.
      if (result(operand.event) != nullptr && depth < identity_depth)
        if (const Path path = path_of(function_, *this, operand, at);
            path.root == Path::Root::parameter || path.root == Path::Root::global)
          return (path.is_address ? "&" : "") + path.text();
      return "c" + std::to_string(operand.event.n);
    }
    default: return "";
  }
}

}  // namespace ftaudit::analysis
