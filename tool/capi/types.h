// Calls that look at types, make them ready and change them. A table of facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

// How a type comes to be usable.
enum class Readies : std::uint8_t {
  none,
  under_lock,  // PyType_Ready: takes a lock of its own around the work, and looks again inside
  unlocked,    // PyStructSequence_InitType
};
Readies readies_type(std::string_view name);
// Returns a new type or exception: PyType_FromSpec, PyErr_NewException.
bool makes_type(std::string_view name);
// Asks only which type its object is of, or what that type can do.
bool looks_at_type(std::string_view name);
bool sets_type(std::string_view name);
// The dict of a type itself, which nobody may write to.
bool gives_type_dict(std::string_view name);
// Changes the interpreter's table of watchers, which has no lock.
bool changes_watchers(std::string_view name);

}  // namespace ftaudit::capi
