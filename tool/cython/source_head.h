// What the first comment lines of a Cython source say to those who build it: `# distutils: language = c++`. Cython's
// own command line obeys `# cython:` and nothing else. Used within cython.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::cython {

struct SourceHead {
  bool cxx = false;
  std::vector<std::string> include_dirs;   // as written
  std::vector<std::string> define_macros;  // "NAME=1"
};

SourceHead head_of(std::string_view text);

// It names what only C++ has, whatever its head says: a class of C++, something of libcpp (but its bool, which C has
// too).
bool uses_cxx(std::string_view text);

}  // namespace ftaudit::cython
