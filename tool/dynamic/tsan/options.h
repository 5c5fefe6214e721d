// The environment a program runs in under ThreadSanitizer, so that reports are whole and none hides another. The
// options are checked against what the runtime at hand knows; one that it lacks is left out and named.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct TsanSetting {
  fs::path log_prefix;    // reports go to PREFIX.PID; empty: to stderr
  fs::path suppressions;  // a file; empty: none
  fs::path symbolizer;    // empty: the one of this program's LLVM, where it is installed
  bool own_crash_stacks =
      false;  // let the runtime print the native stack of a crash: for a second run, never beside faulthandler
  bool survive_fork = true;  // threads made after a fork: go on, though TSan cannot promise anything then
  std::uint64_t memory_limit_mb = 0;
};

struct TsanOptions {
  std::string value;                  // of TSAN_OPTIONS
  std::vector<std::string> left_out;  // options the runtime does not know
};

// `known`: the names the runtime listed (known_tsan_options); empty: nothing is left out.
TsanOptions tsan_options(const TsanSetting& setting, const std::vector<std::string>& known);

// Names of the options of the runtime in `program` (an instrumented interpreter): it is started with
// TSAN_OPTIONS=help=1.
Result<std::vector<std::string>> known_tsan_options(const fs::path& program);

// For ChildRequest::environment ("NAME=value"; a bare "NAME" is taken out): TSAN_OPTIONS and what else a run under the
// sanitizer wants (no GIL, faulthandler, unbuffered output, a fixed hash seed, no debuginfod, single-threaded numeric
// libraries).
std::vector<std::string> tsan_environment(const TsanOptions& options);

// The same without the sanitizer, for the plain build.
std::vector<std::string> plain_environment();

}  // namespace ftaudit::dynamic
