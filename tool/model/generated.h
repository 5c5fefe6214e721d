// What SWIG, cffi, f2py and mypyc put into each file beside what they wrap: their runtime is marked as support code,
// its authors answer for it. What they made of the user's declarations stays. (C that Cython made is told as its .pyx
// by tool/cython.) Knows the names that these generators keep for themselves.
#pragma once

#include "model/facts.h"

namespace ftaudit::model {

void mark_generated(Facts& facts);

}  // namespace ftaudit::model
