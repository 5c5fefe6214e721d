// Element choices: how an element of an array is chosen, be that by more than a variable: `locks[i & 7]`,
// `locks[hash(key) % 16]`, or behind an accessor, `lock_of(i)`. And whether the choice of a lock goes with that of the
// element which is used under it: who comes to the same element then takes the same lock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/subscripts.h"

namespace ftaudit::analysis {

struct ElementChoice {
  std::string text;                  // in postfix: "v2", "7", "v2 7 &"
  std::vector<Subscript> variables;  // of it
  bool is_bare() const { return text.find(' ') == std::string::npos; }
  bool is_number() const { return variables.empty() && is_bare(); }
};

// Of the first element that the place goes through; nothing where that cannot be told again.
std::optional<ElementChoice> choice_of(const model::Function& function, const Values& values, const model::Place& place,
                                       EventId at);

// The lock that an event takes, one of an array: the place, which may be in an accessor's terms, and its choice in
// those of the function.
struct ChosenLock {
  const model::Place* place = nullptr;
  FunctionId of = none;  // whose terms the place is in
  ElementChoice choice;
};
std::optional<ChosenLock> chosen_lock(const Program& program, const Held& held, FunctionId id, EventId taken);

// The number of elements, of an array that says so.
std::optional<std::uint64_t> length_of(const Program& program, const model::Function& function,
                                       const model::Place& place);

// The same value chooses both.
bool is_same_choice(const ElementChoice& a, const ElementChoice& b);

// By element, the lock that is taken for it: of numbers that were tried.
using LocksOfElements = std::map<std::uint64_t, std::uint64_t>;

// no: two threads can come to the same element with different locks, which is shown by numbers.
SameElement goes_with(const ElementChoice& lock, std::optional<std::uint64_t> locks, const ElementChoice& element,
                      std::optional<std::uint64_t> elements, LocksOfElements& found);

}  // namespace ftaudit::analysis
