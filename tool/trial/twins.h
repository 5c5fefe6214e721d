// Twins: two builds of CPython that differ in nothing but the GIL. Compilers and their options matter as much as the
// GIL does, so a comparison of others speaks of both at once and has to say so. Used by comparison.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/measurement.h"

namespace ftaudit::trial {

struct BuildIdentity {
  std::string version;         // "3.13.5"
  std::string implementation;  // "cpython"
  std::string compiler;        // "clang-19"
  std::string optimisation;    // "-O2"
  bool free_threaded = false, debug = false, profile_guided = false, link_time = false, shared = false, jit = false;
};

// What `executable` says of itself, by running it (isolated, without site).
Result<BuildIdentity> identity_of(const fs::path& executable);

// In words, apart from the GIL: "version 3.13.5 and 3.13.0", "compiler clang-19 and gcc". None: they are twins.
std::vector<std::string> differences(const BuildIdentity& with_gil, const BuildIdentity& without);

}  // namespace ftaudit::trial
