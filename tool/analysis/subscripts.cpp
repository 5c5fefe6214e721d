#include "analysis/subscripts.h"

#include <algorithm>
#include <charconv>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

std::size_t first_index(const Place& place) {
  const auto at = std::ranges::find(place.steps, Step::Kind::index, &Step::kind);
  return static_cast<std::size_t>(at - place.steps.begin());
}

bool begins_with(const Place& place, const Place& container, std::size_t steps) {
  return place.root == container.root && place.variable == container.variable && place.global == container.global &&
         container.steps.size() <= steps &&
         std::equal(container.steps.begin(), container.steps.end(), place.steps.begin());
}

namespace {

constexpr std::uint32_t nearest = 8;  // events between choosing an element and using it

std::optional<Subscript> held_in(const model::Function& function, const Values& values, std::uint32_t variable,
                                 EventId at) {
  if (variable >= function.variables.size()) return std::nullopt;
  return Subscript{.variable = variable, .given = values.definitions(variable, at)};
}

// What the call that chose the element was given: `rows[i]` of a std::vector.
std::optional<Subscript> chosen_by_call(const model::Function& function, const Values& values, const Place& place,
                                        EventId at) {
  const std::size_t index = first_index(place);
  for (std::uint32_t back = 1; back <= nearest && back <= at.n; ++back) {
    const EventId e(at.n - back);
    const Event& event = function.events[e];
    if ((!event.callee.ends_with("::operator[]") && !event.callee.ends_with("::at")) || event.operands.size() < 2)
      continue;
    const Operand &container = event.operands[0], &chosen = event.operands[1];
    if ((container.kind != Operand::Kind::address && container.kind != Operand::Kind::place) ||
        !begins_with(place, function.places[container.place], index))
      continue;
    if (const auto number = constant(chosen)) return Subscript{.number = number, .given = {}};
    if (chosen.kind != Operand::Kind::place && chosen.kind != Operand::Kind::address) return std::nullopt;
    const Place& by = function.places[chosen.place];
    const bool bare = by.root == Place::Root::variable &&
                      std::ranges::all_of(by.steps, [](const Step& step) { return step.kind == Step::Kind::deref; });
    return bare ? held_in(function, values, by.variable, e) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

bool is_made_of(const model::Function& function, const Subscript& made, std::uint32_t other) {
  bool found = false;
  const auto names = [&](const Operand& operand) {
    found |= operand.place != none && function.places[operand.place].root == Place::Root::variable &&
             function.places[operand.place].variable == other;
  };
  for (const EventId given : made.given)
    if (given != none)
      each_operand(function.events[given], [&](const Operand& operand) {
        names(operand);
        if (operand.kind == Operand::Kind::call) each_operand(function.events[operand.event], names);
      });
  return found;
}

const Place* place_of_lock(const Program& program, const model::Function& function, EventId taken) {
  const Event& event = function.events[taken];
  const capi::LockCall* call = program.lock_call(event.callee);
  if (call == nullptr || call->lock < 0 || call->lock >= static_cast<int>(event.operands.size())) return nullptr;
  const Operand& lock = event.operands[static_cast<std::size_t>(call->lock)];
  // Of several that are taken together each is for its own element.
  const auto chooses = [&](const Operand& operand) {
    return operand.place != none &&
           first_index(function.places[operand.place]) < function.places[operand.place].steps.size();
  };
  if (std::ranges::count_if(event.operands, chooses) > 1) return nullptr;
  return lock.kind == Operand::Kind::place || lock.kind == Operand::Kind::address ? &function.places[lock.place]
                                                                                  : nullptr;
}

std::optional<Subscript> subscript_of(const model::Function& function, const Values& values, const Place& place,
                                      EventId at) {
  const std::size_t index = first_index(place);
  if (index == place.steps.size()) return std::nullopt;
  const std::string& field = place.steps[index].field;
  if (field.empty()) return chosen_by_call(function, values, place, at);
  std::uint32_t number = 0;
  const bool counted = field.starts_with("v");
  const auto read = std::from_chars(field.data() + counted, field.data() + field.size(), number);
  if (read.ec != std::errc() || read.ptr != field.data() + field.size()) return std::nullopt;
  return counted ? held_in(function, values, number, at) : Subscript{.number = number, .given = {}};
}

std::optional<Subscript> subscript_of_lock(const Program& program, FunctionId id, const Values& values, EventId taken) {
  const model::Function& function = program.function(id);
  const Place* place = place_of_lock(program, function, taken);
  return place == nullptr ? std::nullopt : subscript_of(function, values, *place, taken);
}

SameElement is_same(const model::Function& function, const Subscript& a, const Subscript& b) {
  if (a.number && b.number) return *a.number == *b.number ? SameElement::yes : SameElement::no;
  if (a.number || b.number) return SameElement::unknown;
  if (a.variable == b.variable) return a.given == b.given ? SameElement::yes : SameElement::unknown;
  // One of them is a copy of the other.
  for (const auto& [copy, original] : {std::pair(&a, &b), std::pair(&b, &a)})
    for (const EventId given : copy->given) {
      if (given == none || function.events[given].operands.size() != 1) continue;
      const Operand& value = function.events[given].operands[0];
      if (value.kind == Operand::Kind::place && function.places[value.place].root == Place::Root::variable &&
          function.places[value.place].variable == original->variable)
        return SameElement::unknown;
    }
  return SameElement::no;
}

}  // namespace ftaudit::analysis
