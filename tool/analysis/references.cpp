// Conflicts, the part about fields and globals that hold references: who replaces one goes about it in some way, and
// each way is a mistake of its own.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"

namespace ftaudit::analysis {

// Who replaces a reference is to blame, one mistake a way of doing it. Who holds a lock that the other side forgot is
// not: the reading side is told (Loads).
void Conflicts::references(const State& state) {
  std::set<std::pair<FunctionId, bool>> done;
  std::map<Mistake, Race> shown;
  for (const Access& store : state.accesses) {
    const bool initialises = shared_.only_initialises(store);
    if (!store.write || !done.emplace(store.site.function, initialises).second) continue;
    // What others write in the same place is told for that.
    if (initialises && std::ranges::any_of(state.accesses, [&](const Access& other) {
          return other.site == store.site && !shared_.only_initialises(other);
        }))
      continue;
    const auto here = [&](const Access& access) { return access.site.function == store.site.function; };
    const auto writes = [&](const Access& access) {
      return here(access) && access.locks.empty() && !access.unknown_lock &&
             shared_.only_initialises(access) == initialises;
    };
    std::optional<Race> race = pair(state, writes);
    if (!race) continue;
    const std::optional<Mistake> mistake = mistake_of(state, *race);
    if (!mistake) continue;
    // Two threads that get to the end together are both in here.
    if (mistake == Mistake::exhausted)
      if (const std::optional<Race> together = pair(state, writes, here)) race = together;
    const auto [known, made] = shown.emplace(*mistake, *race);
    const auto rank_of = [&](const Race& one) {
      return rank(*one.write, standing(state, *one.write), *one.other, standing(state, *one.other));
    };
    if (!made && rank_of(*race) > rank_of(known->second)) known->second = *race;
  }
  for (const auto& [mistake, race] : shown) {
    std::string lock = mistake == Mistake::double_checked ? race.write->locks[0] : "";
    report(mistake, state, race, std::move(lock));
  }
}

// How the writer of the pair goes about it; none where the second time changes nothing. What it tests becomes the other
// side.
std::optional<Mistake> Conflicts::mistake_of(const State& state, Race& race) const {
  const FunctionId writer = race.write->site.function;
  if (shared_.only_initialises(*race.write)) {
    // Nor is anything replaced that is filled only where it is unset.
    if (refuses_again(state, *race.write) || unset_test(state, *race.write) != nullptr) return std::nullopt;
    return Mistake::init_again;
  }
  const Access* test = unset_test(state, *race.write);
  if (test != nullptr && shared_.conflict(*race.write, *test)) {
    race.other = test;
    return !race.write->locks.empty() && !race.write->unknown_lock ? Mistake::double_checked : Mistake::first_use;
  }
  return shared_.only_iterates(writer) && releases_old(state, writer) ? Mistake::exhausted : Mistake::swapped_reference;
}

}  // namespace ftaudit::analysis
