// RuntimeFiles: the sources that go into other processes (C for instrumented extensions, Python for the stress driver),
// built into the program and written out where they are needed. The list is made by CMake from runtime/.
#pragma once

#include <span>
#include <string_view>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct RuntimeFile {
  std::string_view name;  // "rendezvous.c", "stress/hammer.py"
  std::string_view text;
};

std::span<const RuntimeFile> runtime_files();

// Those whose name begins with `prefix`, written below `folder` under the rest of their name.
Status write_runtime_files(std::string_view prefix, const fs::path& folder);

}  // namespace ftaudit::dynamic
