// What the author of a Cython source wrote where its C calls a function: `int(x)` for PyNumber_Long, `x in y` for
// PySequence_Contains.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::cython {

// The sentence with "PyNumber_Long()" as `int()`. `written`: what stands at its place in the source; who calls a
// function of C by its name there is told of that.
std::string in_operations(std::string_view sentence, std::string_view written);

}  // namespace ftaudit::cython
