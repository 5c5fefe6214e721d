// What SWIG, cffi, f2py and mypyc put into each file beside what they wrap: their runtime is marked as support code,
// its authors answer for it. What they made of the user's declarations stays. (C that Cython made is told as its .pyx
// by tool/cython.) Knows the names that these generators keep for themselves.
#pragma once

#include <string_view>

#include "model/facts.h"

namespace ftaudit::model {

// How the keys of those globals begin that stand for the methods by which generators and coroutines are resumed; the
// key of the function follows.
inline constexpr std::string_view resumed_entry = "generator ";

void mark_generated(Facts& facts);

}  // namespace ftaudit::model
