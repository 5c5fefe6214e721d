#include "analysis/shared_stripes.h"

#include <algorithm>

#include "analysis/element_choice.h"
#include "analysis/loops.h"
#include "analysis/numbered_steps.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr int deepest = 4;  // copies looked through

// Only what lies in the variable itself, or in the object that is at hand.
bool is_plain(const Place& place) {
  return first_index(place) == place.steps.size() &&
         std::ranges::count(place.steps, Step::Kind::deref, &Step::kind) <= 1;
}

// The access is to the one variable of that name, or to a field of the object that the function works on.
bool is_the_only_one(const State& state, const model::Function& function, const Event& event) {
  const auto names = [&](std::uint32_t id) {
    if (id == none) return false;
    const Place& place = function.places[id];
    if (!is_plain(place)) return false;
    if (state.kind != State::Kind::field) return place.root == Place::Root::global && place.global == state.global;
    return place.root == Place::Root::variable && place.variable == 0 && is_given(function, 0) &&
           !place.steps.empty() && place.steps.back().kind == Step::Kind::field &&
           place.steps.back().record == state.record;
  };
  if (!is_call(event)) return names(event.place);
  return !event.operands.empty() && event.operands[0].kind == Operand::Kind::address && names(event.operands[0].place);
}

// A value that is each caller's own: a number it was given, or what came out of that. Nothing of the object at hand.
bool is_callers_own(const model::Function& function, const Values& values, std::uint32_t variable, EventId at,
                    int depth) {
  if (depth == 0) return false;
  const auto own = [&](const Operand& operand, EventId where, const auto& again, int left) -> bool {
    switch (operand.kind) {
      case Operand::Kind::number: return true;
      case Operand::Kind::place: {
        const Place& place = function.places[operand.place];
        return place.root == Place::Root::variable && place.steps.empty() && place.variable != 0 &&
               is_callers_own(function, values, place.variable, where, left - 1);
      }
      case Operand::Kind::address: {
        const Place& place = function.places[operand.place];
        return place.root == Place::Root::variable && place.steps.empty() && place.variable >= function.parameters;
      }
      case Operand::Kind::call:
        return std::ranges::all_of(function.events[operand.event].operands,
                                   [&](const Operand& given) { return again(given, operand.event, again, left); });
      case Operand::Kind::parts:
        return std::ranges::all_of(operand.parts, [&](const Operand& part) { return again(part, where, again, left); });
      default: return false;
    }
  };
  if (variable < function.parameters && variable == 0 && function.has_this) return false;
  const std::vector<EventId>& given = values.definitions(variable, at);
  return std::ranges::all_of(given, [&](EventId e) {
    if (e == none) return is_given(function, variable);
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write)
      return !event.operands.empty() && constant(event.operands[0]) == std::nullopt &&
             own(event.operands[0], e, own, depth);
    return is_call(event);  // handed out by its address: a converter of arguments
  });
}

// `for (auto& lock : locks) lock.lock();`: all of them are held behind the loop.
bool takes_all(const Flow& flow, EventId taken, EventId used) {
  const std::uint32_t there = flow.block_of[taken], here = flow.block_of[used];
  for (std::uint32_t head = 0; head < flow.predecessors.size(); ++head)
    if (const std::set<std::uint32_t> loop = loop_of(flow, head); loop.contains(there) && !loop.contains(here))
      return true;
  return false;
}

}  // namespace

void share_stripe(const Program& program, const Held& held, const State& state, Access& access) {
  if (state.contents || std::ranges::count_if(access.locks, is_one_of_many) != 1) return;
  const FunctionId id = access.site.function;
  const model::Function& function = program.function(id);
  if (!is_the_only_one(state, function, function.events[access.site.event])) return;
  const Lock* lock = nullptr;
  for (const Lock& one : held.at(id, access.site.event)) {
    if (!is_one_of_many(one.what)) continue;
    if (lock != nullptr || one.acquired == none) return;
    lock = &one;
  }
  if (lock == nullptr || takes_all(program.flow(id), lock->acquired, access.site.event)) return;
  const auto taken = chosen_lock(program, held, id, lock->acquired);
  if (!taken || taken->choice.variables.empty()) return;
  // The array is one for all, as the state is.
  const Place& array = *taken->place;
  const bool one_array =
      array.root == Place::Root::global || (state.kind == State::Kind::field && array.root == Place::Root::variable &&
                                            array.variable == 0 && program.function(taken->of).has_this);
  const bool own = std::ranges::all_of(taken->choice.variables, [&](const Subscript& by) {
    return is_callers_own(function, held.values(id), by.variable, lock->acquired, deepest);
  });
  if (!one_array || !own) return;
  const std::string key = *std::ranges::find_if(access.locks, is_one_of_many);
  if (!access.only_reads_under(key)) access.readers.push_back(key);
  if (access.write) std::erase(access.locks, key);
}

}  // namespace ftaudit::analysis
