// A wheel of the project, built by its own backend out of a scratch copy, with the sanitizer's and ftaudit's flags put in
// by compiler wrappers that stand before whatever compiler the build asks for. One build a mode. Runs the project's code
// (its build). Used by cli's confirm.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "dynamic/backend.h"
#include "dynamic/workspace.h"

namespace ftaudit::dynamic {

enum class BuildMode { tsan, plain, light };
std::string_view name_of(BuildMode mode);  // "tsan"

// Further flags of every compilation and link, from instrumentation.
struct BuildFlags {
  std::vector<std::string> compile;  // for each C and C++ compilation
  std::vector<std::string> link;     // for each link: objects, -Wl,-Bsymbolic
};

struct BuildRequest {
  BuildMode mode = BuildMode::tsan;
  fs::path source;          // a copy that may be written to
  fs::path builder;         // python that runs pip and the backend; of the same version and ABI as `target`
  fs::path target;          // python of the environment that the result goes into
  std::string compiler;     // C compiler ("clang-19"); the C++ one is found beside it
  BackendUse backend;
  BuildFlags flags;
  fs::path folder;          // for wrappers, wheel and log
  unsigned jobs = 0;        // 0: one a core
  std::chrono::seconds timeout{1800};
};

struct Built {
  fs::path python;                // of the environment it is installed in
  fs::path wheel;
  fs::path source;                // the copy, with the built modules laid over it, so that it runs in place
  std::vector<fs::path> modules;  // installed extension modules
  std::vector<std::string> names; // their import names, as `modules`
  fs::path log;                   // all the build said
};

// The error has the line of the log that matters most, and the log's path.
Result<Built> build(const BuildRequest& request, const Workspace& workspace, Progress& progress);

}  // namespace ftaudit::dynamic
