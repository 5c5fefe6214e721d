#include "analysis/shared_stripes.h"

#include <algorithm>

#include "analysis/element_choice.h"
#include "analysis/loops.h"
#include "analysis/numbered_steps.h"
#include "analysis/reached.h"

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

// A loop in which the lock is taken, and that is left when it is used.
struct LockingLoop {
  std::uint32_t head = 0;
  std::set<std::uint32_t> blocks;
};

std::optional<LockingLoop> loop_around(const Flow& flow, EventId taken, EventId used) {
  for (std::uint32_t head = 0; head < flow.predecessors.size(); ++head)
    if (std::set<std::uint32_t> loop = loop_of(flow, head);
        loop.contains(flow.block_of[taken]) && !loop.contains(flow.block_of[used]))
      return LockingLoop{head, std::move(loop)};
  return std::nullopt;
}

// The head itself, or nothing but the way there.
bool goes_back(const model::Function& function, std::uint32_t block, std::uint32_t head) {
  if (block == head || block >= function.blocks.size()) return block == head;
  const model::Block& way = function.blocks[block];
  return way.events().begin() == way.events().end() && way.successors.size() == 1 && way.successors[0] == head;
}

// Some lock is let go before the next is taken.
bool lets_go(const Program& program, const model::Function& function, const LockingLoop& loop) {
  for (const std::uint32_t block : loop.blocks)
    for (const EventId e : function.blocks[block].events())
      if (const capi::LockCall* call = program.lock_call(function.events[e].callee);
          call != nullptr && call->does == capi::LockCall::Does::release)
        return true;
  return false;
}

// `for (auto& lock : locks) lock.lock();`: all of them are held behind the loop. Not where it can be left with the one
// that was taken last (`break`): without coming to the head again, nor to who asks at the end whether to go on.
bool takes_all(const model::Function& function, const LockingLoop& loop, std::uint32_t taken, std::uint32_t used) {
  std::set<std::uint32_t> seen{taken};
  for (std::vector<std::uint32_t> open{taken}; !open.empty();) {
    const std::uint32_t block = open.back();
    open.pop_back();
    const std::vector<std::uint32_t>& next = function.blocks[block].successors;
    const bool asks = std::ranges::any_of(next, [&](std::uint32_t to) { return goes_back(function, to, loop.head); });
    for (const std::uint32_t to : next) {
      if (to == loop.head || to >= function.blocks.size()) continue;
      if (loop.blocks.contains(to)) {
        if (seen.insert(to).second) open.push_back(to);
      } else if (!asks && reached_from(function, to)[used]) {
        return false;
      }
    }
  }
  return true;
}

// Whichever was free: what chooses it changes from one try to the next.
bool is_chosen_anew(const Flow& flow, const LockingLoop& loop, const Values& values, const ElementChoice& choice,
                    EventId taken) {
  return std::ranges::any_of(choice.variables, [&](const Subscript& by) {
    return std::ranges::any_of(values.definitions(by.variable, taken),
                               [&](EventId at) { return at != none && loop.blocks.contains(flow.block_of[at]); });
  });
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
  if (lock == nullptr) return;
  const Flow& flow = program.flow(id);
  const std::optional<LockingLoop> loop = loop_around(flow, lock->acquired, access.site.event);
  if (loop && (!lets_go(program, function, *loop) ||
               takes_all(function, *loop, flow.block_of[lock->acquired], flow.block_of[access.site.event])))
    return;
  const auto taken = chosen_lock(program, held, id, lock->acquired);
  if (!taken || taken->choice.variables.empty()) return;
  // The array is one for all, as the state is.
  const Place& array = *taken->place;
  const bool one_array =
      array.root == Place::Root::global || (state.kind == State::Kind::field && array.root == Place::Root::variable &&
                                            array.variable == 0 && program.function(taken->of).has_this);
  const bool tried = loop && state.kind != State::Kind::field &&
                     is_chosen_anew(flow, *loop, held.values(id), taken->choice, lock->acquired);
  const bool own = tried || std::ranges::all_of(taken->choice.variables, [&](const Subscript& by) {
                     return is_callers_own(function, held.values(id), by.variable, lock->acquired, deepest);
                   });
  if (!one_array || !own) return;
  const std::string key = *std::ranges::find_if(access.locks, is_one_of_many);
  if (!access.only_reads_under(key)) access.readers.push_back(key);
  if (access.write) std::erase(access.locks, key);
}

}  // namespace ftaudit::analysis
