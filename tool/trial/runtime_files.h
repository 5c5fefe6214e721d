// The programs in Python that run inside measured processes, built in as text. Used by measured_run.
#pragma once

#include <span>
#include <string_view>

namespace ftaudit::trial {

struct RuntimeFile {
  std::string_view name, text;
};

std::span<const RuntimeFile> runtime_files();

}  // namespace ftaudit::trial
