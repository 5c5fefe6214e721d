// What to write in a .pyx instead: the rules' advice is C, a Cython author writes Cython. By rule, and by what the
// version at hand can do.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::cython {

// "" where the rule's own words serve.
std::string advice(std::string_view rule, std::string_view version);

}  // namespace ftaudit::cython
