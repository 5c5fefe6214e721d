#include "dynamic/runtime/runtime.h"

namespace ftaudit::dynamic {

Status write_runtime_files(std::string_view prefix, const fs::path& folder) {
  for (const RuntimeFile& file : runtime_files()) {
    if (!file.name.starts_with(prefix)) continue;
    const fs::path path = folder / file.name.substr(prefix.size());
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed) return Error{"cannot make " + path.parent_path().string() + ": " + failed.message()};
    if (Status written = write_file(path, file.text); !written) return written;
  }
  return Done{};
}

}  // namespace ftaudit::dynamic
