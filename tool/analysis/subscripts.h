// Subscripts: which element of an array a place is, by the variable or number that chooses it, and whether two of them
// are the same one. Also accesses that hold the lock of another element than the one they use: `locks[from]` is no lock
// of `rows[to]`.
#pragma once

#include <optional>

#include "analysis/held.h"

namespace ftaudit::analysis {

struct State;

struct Subscript {
  std::optional<std::int64_t> number;
  std::uint32_t variable = none;
  std::vector<EventId> given;  // where the variable may have its value from
};
// Of the first element that the place goes through; nothing where that is chosen by more than a variable.
std::optional<Subscript> subscript_of(const model::Function& function, const Values& values, const model::Place& place,
                                      EventId at);
// The number of steps before the first element; all of them where there is none.
std::size_t first_index(const model::Place& place);
bool begins_with(const model::Place& place, const model::Place& container, std::size_t steps);
// The one variable is given a value that is made of the other.
bool is_made_of(const model::Function& function, const Subscript& made, std::uint32_t other);

// The lock that the event takes, if it is one only.
const model::Place* place_of_lock(const Program& program, const model::Function& function, EventId taken);
// Of that.
std::optional<Subscript> subscript_of_lock(const Program& program, FunctionId id, const Values& values, EventId taken);

enum class SameElement : std::uint8_t { unknown, yes, no };
SameElement is_same(const model::Function& function, const Subscript& a, const Subscript& b);

// Takes the lock of another element from what an access holds, where the array of locks is for such elements one by
// one: others use the same subscript for both, the element has its lock in itself, or there are as many of the ones as
// of the others.
void drop_stray_locks(const Program& program, const Held& held, std::vector<State>& states);

}  // namespace ftaudit::analysis
