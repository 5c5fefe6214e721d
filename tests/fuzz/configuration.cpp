// Any bytes are read as settings, as ftaudit.toml and as pyproject.toml.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cli/configuration.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto folder = ftaudit::ScratchFolder::make("fuzz");
  for (const char* name : {"ftaudit.toml", "pyproject.toml"}) {
    const ftaudit::fs::path file = folder->path() / name;
    if (!ftaudit::write_file(file, {reinterpret_cast<const char*>(data), size}).ok()) std::abort();
    for (const auto owner : {ftaudit::cli::Owner::user, ftaudit::cli::Owner::project}) {
      ftaudit::cli::ScanOptions options;
      if (ftaudit::cli::read_configuration(file, owner, options).ok()) ftaudit::cli::shown_settings(options);
    }
  }
  return 0;
}
