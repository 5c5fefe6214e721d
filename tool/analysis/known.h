// Known: what one way through a function knows of values: that one is a number, or that it is not. What it found out
// about places that its callers can name as well, a parameter's field or a global, goes with its ending to the caller:
// there the half of a pair `if (x) lock()`, `if (x) unlock()` that cannot be is left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace ftaudit::analysis {

// That a value is `number`, or that it is not.
struct Known {
  bool equal = true;
  std::int64_t number = 0;
  bool can_be(std::int64_t what) const { return (number == what) == equal; }
  bool operator==(const Known&) const = default;
};

// What holds of both: that the value is not a number which neither can be.
std::optional<Known> either(const Known& a, const Known& b);

// The value is `answer` as well: false where it cannot be both, else `known` is the more exact of the two.
bool agrees(Known& known, const Known& answer);

// Keeps what both know, of what both know; true where something is not known any more, or less of it.
template <class Key> bool intersect(std::map<Key, Known>& known, const std::map<Key, Known>& other) {
  bool less = false;
  for (auto one = known.begin(); one != known.end();) {
    const auto it = other.find(one->first);
    const auto both = it == other.end() ? std::nullopt : either(one->second, it->second);
    less |= both != one->second;
    if (both) one->second = *both, ++one;
    else one = known.erase(one);
  }
  return less;
}

// What the places were when the function was entered, by their names ("p0*.lock", "g3"), and what some of them have
// been set to since.
class Entry {
 public:
  // False where it cannot have been that. Nothing is learned of a place that has been changed since and may be
  // anything.
  bool learn(const std::string& place, const Known& value);
  void change(const std::string& place) { changed_.insert(place), now_.erase(place); }
  void set(const std::string& place, const Known& value) {
    changed_.insert(place), now_.insert_or_assign(place, value);
  }
  // What two ways have in common; true where that is less than this one had.
  bool meet(const Entry& other);
  const std::map<std::string, Known>& found() const { return found_; }
  // What is known of the places as they are.
  std::map<std::string, Known> now() const;
  bool operator==(const Entry&) const = default;

 private:
  std::map<std::string, Known> found_;
  std::set<std::string> changed_;
  std::map<std::string, Known> now_;  // of the changed ones
};

// What must have been so for a way to be taken, or is so behind it. In the terms of the caller, `argument` is the
// parameter that it is about, -1 for what a parameter leads to.
struct Need {
  std::string place;
  Known value;
  int argument = -1;
  bool operator==(const Need&) const = default;
};

}  // namespace ftaudit::analysis
