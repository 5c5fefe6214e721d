// Shared: locks of an array of them, held for another element than the one that is used.
#include <algorithm>

#include "analysis/element_choice.h"
#include "analysis/numbered_steps.h"
#include "analysis/shared.h"
#include "analysis/shared_stripes.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// The place with an element in it that the event is about.
const Place* place_of_use(const model::Function& function, const Event& event) {
  const auto chooses = [&](std::uint32_t place) {
    return place != none && first_index(function.places[place]) < function.places[place].steps.size();
  };
  if (!is_call(event)) return chooses(event.place) ? &function.places[event.place] : nullptr;
  for (const Operand& operand : event.operands)
    if (chooses(operand.place)) return &function.places[operand.place];
  return nullptr;
}

constexpr std::size_t most_compared = 48;  // accesses to one state

// One lock of an array that an access holds, and whether it is that of its element.
struct Aligned {
  Access* access = nullptr;
  std::string key;
  SameElement same = SameElement::unknown;
  bool alike = false;  // the arrays are one, or as long as each other
  bool shown = false;  // by the one value that chooses both
  bool plain = false;  // both by the same expression
  LocksOfElements locks_of;
};

bool is_made_of(const model::Function& function, const Subscript& one, const Subscript& other) {
  return is_made_of(function, one, other.variable) || is_made_of(function, other, one.variable);
}

SameElement related(const model::Function& function, const ChosenLock& lock, std::optional<std::uint64_t> locks,
                    const ElementChoice& use, std::optional<std::uint64_t> elements, Aligned& out) {
  const std::vector<Subscript>&taken = lock.choice.variables, &used = use.variables;
  const bool simple = lock.choice.is_bare() && use.is_bare();
  if (simple && taken.size() == 1 && used.size() == 1) {
    // A stripe is chosen by what the element is chosen by.
    const SameElement same = is_made_of(function, taken[0], used[0]) && !out.alike
                                 ? SameElement::unknown
                                 : is_same(function, taken[0], used[0]);
    if (same != SameElement::yes) return same;
    out.plain = true;
    for (std::uint64_t number = 0; number < 16; ++number) out.locks_of[number] = number;
    return same;
  }
  if (simple && taken.empty() && used.empty()) return lock.choice.text == use.text ? SameElement::yes : SameElement::no;
  if (taken.empty() || used.empty()) return SameElement::unknown;
  bool one = true;
  for (const Subscript& a : taken)
    for (const Subscript& b : used) {
      if (a.variable == b.variable) continue;
      if (is_made_of(function, a, b)) return SameElement::unknown;
      one = false;
    }
  out.plain = is_same_choice(lock.choice, use);
  const SameElement same = goes_with(lock.choice, locks, use, elements, out.locks_of);
  out.shown = one && same == SameElement::no;
  return same;
}

std::optional<Aligned> aligned(const Program& program, const Held& held, Access& access) {
  const auto key = std::ranges::find_if(access.locks, is_one_of_many);
  if (key == access.locks.end() || std::ranges::count_if(access.locks, is_one_of_many) != 1) return std::nullopt;
  const FunctionId id = access.site.function;
  const model::Function& function = program.function(id);
  const Lock* lock = nullptr;
  for (const Lock& one : held.at(id, access.site.event)) {
    if (!is_one_of_many(one.what)) continue;
    if (lock != nullptr || one.acquired == none) return std::nullopt;
    lock = &one;
  }
  const Place* use = place_of_use(function, function.events[access.site.event]);
  const auto taken = lock == nullptr ? std::nullopt : chosen_lock(program, held, id, lock->acquired);
  if (use == nullptr || !taken) return std::nullopt;
  const auto of_use = choice_of(function, held.values(id), *use, access.site.event);
  if (!of_use) return std::nullopt;
  const model::Function& named_in = program.function(taken->of);
  const auto elements = length_of(program, function, *use), locks = length_of(program, named_in, *taken->place);
  Aligned out{&access, *key};
  const std::size_t index = first_index(*taken->place);
  Place array = *taken->place;
  array.steps.resize(index);
  const bool one_array = first_index(*use) == index && begins_with(*use, array, index);
  out.alike = one_array || (elements && elements == locks);
  out.same = related(function, *taken, locks, *of_use, elements, out);
  return out;
}

// Each goes by what chooses the element, and they come to different locks for one.
bool disagree(const Aligned& one, const Aligned& other) {
  if (one.key != other.key || (one.plain && other.plain) || one.same != SameElement::yes ||
      other.same != SameElement::yes)
    return false;
  return std::ranges::any_of(one.locks_of, [&](const auto& chosen) {
    const auto theirs = other.locks_of.find(chosen.first);
    return theirs != other.locks_of.end() && theirs->second != chosen.second;
  });
}

// Those that most others go with are right, and before them those that say the same for both.
void find_deviating(std::vector<Aligned>& found) {
  if (found.size() > most_compared) return;
  const auto opposed = [&](const Aligned& one) {
    const auto others = std::ranges::count_if(found, [&](const Aligned& other) { return disagree(one, other); });
    return others == 0 ? 0 : others + (one.plain ? 0 : std::ssize(found));
  };
  const auto most = std::ranges::max_element(found, {}, opposed);
  if (most == found.end() || opposed(*most) == 0) return;
  most->same = SameElement::no, most->shown = true;
  find_deviating(found);
}

}  // namespace

void drop_stray_locks(const Program& program, const Held& held, std::vector<State>& states) {
  for (State& state : states) {
    std::vector<Aligned> found;
    for (Access& access : state.accesses)
      if (auto one = aligned(program, held, access)) found.push_back(std::move(*one));
    find_deviating(found);
    for (const Aligned& one : found) {
      const bool for_each = std::ranges::any_of(
          found, [&](const Aligned& other) { return other.key == one.key && other.same == SameElement::yes; });
      if (one.same != SameElement::no || !(for_each || one.alike || one.shown)) continue;
      std::erase(one.access->locks, one.key), std::erase(one.access->readers, one.key);
      if (state.kind != State::Kind::field) one.access->other_lock = true;
    }
    for (Access& access : state.accesses) share_stripe(program, held, state, access);
  }
}

}  // namespace ftaudit::analysis
