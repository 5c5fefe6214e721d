// What calls do inside containers and other objects: walk them, write into them, hand out their memory, rely on what an
// earlier call said. Tables of facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ftaudit::capi {

// One step of a walk over the container that is its first argument.
bool walks(std::string_view name);
// Looks into a container without changing it, or giving it to anybody.
bool leaves_container(std::string_view name);
// Adds a key where there was none: nothing that is in the dict is dropped.
bool only_adds(std::string_view name);
// Puts items in, and drops no more than what stood in their place.
bool fills(std::string_view name);
// Works on a container of CPython's: what becomes of items is a matter of what they are.
bool works_on_container(std::string_view name);
// Makes a tuple, or hands back the one it is given: either never changes.
bool makes_tuple(std::string_view name);
// Works on a tuple.
bool works_on_tuple(std::string_view name);
bool writes_dict(std::string_view name);
// Writes an item, a reference or the size into an object itself, without its lock.
bool changes_unlocked(std::string_view name);
// The first of these puts an item into a list.
bool sets_list_item(std::string_view name);
// A list or tuple that stands for any sequence, and a look into its array without its lock.
bool makes_fast_sequence(std::string_view name);
bool looks_into_fast_sequence(std::string_view name);
// The size of a container, read where it stands: PyList_GET_SIZE.
bool reads_size(std::string_view name);
// The argument that a container, which is the first, takes in; -1 for other calls.
int taken_in(std::string_view name);

// How a call edits an object whose value must not change once others have it.
enum class Edit : std::uint8_t { none, resizes, writes };
Edit edits_immutable(std::string_view name);

// Whose memory the pointer is that a call returns.
enum class Memory : std::uint8_t { none, bytearray, immutable };
Memory memory_given(std::string_view name);
bool resizes_bytearray(std::string_view name);

// Two calls, each whole in itself, of which the second relies on what the first said. The first two arguments of both
// name the container and the key (of a size, only the container). `check` and `act` are patterns.
struct Reliance {
  enum class Kind : std::uint8_t {
    changes,    // the second changes the container
    fills,      // likewise, mostly by a value for a key that was not there
    fetches,    // the second fetches; only a result that nobody looks at relies on the check
    attribute,  // likewise; what is gone ends in an exception
  };
  std::string_view check, act;
  Kind kind;
  std::string_view instead;
  bool is_change() const { return kind <= Kind::fills; }
};
const std::vector<Reliance>& reliances();

}  // namespace ftaudit::capi
