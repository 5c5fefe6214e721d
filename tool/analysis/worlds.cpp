#include "analysis/worlds.h"

#include <algorithm>
#include <iterator>

namespace ftaudit::analysis {

namespace {

constexpr std::size_t most_worlds = 24;   // a function with more ways than that is seen as one
constexpr std::size_t most_by_flags = 6;  // up to which ways are told apart by the flags that are set, too

template <class Wanted> void keep(Locks& locks, Wanted wanted) {
  std::erase_if(locks, [&](const Lock& lock) { return !wanted(lock); });
}
bool contains(const Locks& locks, const Lock& lock) {
  return std::find(locks.begin(), locks.end(), lock) != locks.end();
}

// All of them as one, of which only what they agree on is sure.
void blur(std::vector<World>& worlds) {
  World one = worlds[0];
  // A section that is suspended in one of them by a section the others do not have is not sure any more.
  for (const World& world : worlds) {
    const Locks held = held_in(world);
    keep(one.open, [&](const Lock& lock) { return !is_section(lock) || contains(held, lock); });
    keep_common(one.open, world.open);
  }
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    one.released.insert(one.released.end(), worlds[i].released.begin(), worlds[i].released.end());
    intersect(one.known, worlds[i].known);
    one.entry.meet(worlds[i].entry);
    one.passed = common(one.passed, worlds[i].passed);
    one.detached |= worlds[i].detached;
    if (one.leave != worlds[i].leave) one.leave = none;
  }
  std::sort(one.released.begin(), one.released.end());
  one.released.erase(std::unique(one.released.begin(), one.released.end()), one.released.end());
  one.certain = false;
  worlds.assign(1, std::move(one));
}

}  // namespace

bool held_alike(const Locks& a, const Locks& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Lock& one, const Lock& other) { return one == other && one.shared == other.shared; });
}

void keep_common(Locks& locks, const Locks& others) {
  keep(locks, [&](const Lock& lock) { return contains(others, lock); });
  for (Lock& lock : locks)
    for (const Lock& other : others) lock.shared &= !(other == lock) || other.shared;
}

std::vector<std::string> common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Locks held_in(const World& world) {
  const auto innermost = std::find_if(world.open.rbegin(), world.open.rend(), is_section);
  Locks out;
  for (const Lock& lock : world.open)
    if (!is_claim(lock) && (!is_section(lock) || (!world.detached && lock.token == innermost->token &&
                                                  lock.acquired == innermost->acquired)))
      out.push_back(lock);
  for (Lock& lock : out)
    if (lock.token == held_before) lock.token.clear();
  return out;
}

bool holds_alone(const World& world) {
  const Locks locks = held_in(world);
  return std::ranges::any_of(locks, [](const Lock& lock) { return !lock.shared; });
}

bool add(std::vector<World>& worlds, World world) {
  if (worlds.size() == 1 && !worlds[0].certain) {
    const World before = worlds[0];
    worlds.push_back(std::move(world));
    blur(worlds);
    return !before.alike(worlds[0]) || before.known != worlds[0].known || before.passed != worlds[0].passed ||
           before.entry != worlds[0].entry;
  }
  const bool few = worlds.size() < most_by_flags;
  for (World& known : worlds)
    if (known.alike(world) && (!few || known.passed == world.passed)) {
      const std::size_t passed = known.passed.size();
      bool less = known.entry.meet(world.entry);
      less |= intersect(known.known, world.known);
      known.passed = common(known.passed, world.passed);
      return less || known.passed.size() != passed;
    }
  worlds.push_back(std::move(world));
  if (worlds.size() > most_worlds) blur(worlds);
  return true;
}

}  // namespace ftaudit::analysis
