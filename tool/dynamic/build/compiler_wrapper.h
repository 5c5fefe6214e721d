// Scripts that stand before the compilers of a build: they add flags to every compilation and link, take out what
// cannot be with a sanitizer (link-time optimisation, "no undefined symbols", stripping, warnings as errors), and let
// through untouched what only asks the compiler who it is. Used by instrumented_build.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct BuildFlags {
  std::vector<std::string> compile;      // for each compilation of C and C++
  std::vector<std::string> link;         // for each link: objects and options
  std::vector<std::string> environment;  // "NAME=value", of the build
};

struct CompilerWrapper {
  fs::path folder;  // to stand first on PATH: gcc, cc, g++, clang, ... all lead to the same compilers
  std::vector<std::string> environment;  // CC, CXX, PATH and what else a build looks at
};

// `compiler` is the C compiler ("clang-19"); the C++ one is the same with "++". The folder's path must hold no blanks.
Result<CompilerWrapper> write_compiler_wrapper(const fs::path& folder, const std::string& compiler,
                                               const BuildFlags& flags);

}  // namespace ftaudit::dynamic
