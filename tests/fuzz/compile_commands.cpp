// Any bytes are read as a compile database; what is taken names absolute files.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "project/compile_commands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto folder = ftaudit::ScratchFolder::make("fuzz");
  const ftaudit::fs::path file = folder->path() / "compile_commands.json";
  if (!ftaudit::write_file(file, {reinterpret_cast<const char*>(data), size}).ok()) std::abort();
  const auto entries = ftaudit::project::read_compile_commands(file);
  if (!entries.ok()) return 0;
  for (const auto& entry : *entries)
    if (!entry.file.is_absolute() || !entry.folder.is_absolute()) std::abort();
  return 0;
}
