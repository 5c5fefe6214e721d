// What the versions of Cython can do. Used by whoever reads the C that they made.
#pragma once

#include <string_view>

namespace ftaudit::cython {

// The oldest Cython whose own code does without the GIL.
constexpr int oldest_minor = 1;  // of 3
// "3.2.9" -> whether that is so; an unknown version counts as too old.
bool does_without_gil(std::string_view version);
// Whether that version's C is what it says about accessors of public attributes: guarded from 3.3 on.
bool guards_accessors(std::string_view version);

}  // namespace ftaudit::cython
