// What Cython's authors write for the slots of a type: "tp_init" is __init__. Used within cython.
#pragma once

#include <string_view>

namespace ftaudit::cython {

// "" for what is no slot, or one that nobody writes a method for.
std::string_view special_method(std::string_view slot);

}  // namespace ftaudit::cython
