// A wheel of the project, built by its own backend out of a scratch copy, with the sanitizer's and ftaudit's flags put
// in by compiler wrappers that stand before whatever compiler the build asks for, and installed into an environment.
// One build a mode. Runs the project's code (its build). Used by cli's confirm.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "dynamic/build/backend.h"
#include "dynamic/build/compiler_wrapper.h"
#include "dynamic/build/workspace.h"

namespace ftaudit::dynamic {

enum class BuildMode { tsan, plain, light };
std::string_view name_of(BuildMode mode);  // "tsan"

struct BuildRequest {
  BuildMode mode = BuildMode::tsan;
  fs::path source;  // a copy that may be written to
  // Python of an environment with pip that runs the backend: of the same version and ABI as `target`, but without
  // ThreadSanitizer, under which a build would take twenty times as long.
  fs::path builder;
  fs::path target;       // python of the environment that the result goes into; may be the same
  std::string compiler;  // C compiler ("clang-19"); the C++ one is named after it
  BackendUse backend;
  BuildFlags flags;
  fs::path folder;  // for wrappers, wheel and log
  std::chrono::seconds timeout{1800};
};

struct Built {
  fs::path python;                 // of the environment it is installed in
  fs::path wheel;                  // empty for plain CMake
  fs::path source;                 // the copy, with the built modules laid over it, so that it runs in place
  std::vector<fs::path> modules;   // installed extension modules
  std::vector<std::string> names;  // their import names, as `modules`
  fs::path log;                    // all the build said
};

// The error has the line of the log that matters most, and the log's path.
Result<Built> build(const BuildRequest& request, Progress& progress);

// Import names of extension modules below a folder of packages ("spam._speedups" for
// spam/_speedups.cpython-313t-....so), with their files, of those files that `installed` lists relative to it; all
// there are when it is empty.
void find_modules(const fs::path& packages, const std::vector<std::string>& installed, std::vector<fs::path>& files,
                  std::vector<std::string>& names);

// Tests often lie in the package and are run from the checkout: there it must be complete. Copies what is `installed`
// (relative to `packages`) to its packages below `source`, modules over those that are there.
void lay_over(const fs::path& source, const fs::path& packages, const std::vector<std::string>& installed);

}  // namespace ftaudit::dynamic
