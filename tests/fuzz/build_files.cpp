// Any bytes are read as each kind of build file that needs no Python, and by the nesting check before them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "project/description.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ftaudit;
  using namespace ftaudit::project;
  static const auto folder = ScratchFolder::make("fuzz");
  static const Outside outside{.setup_py = [](const fs::path&) { return Result<std::string>(Error{"not here"}); },
                               .is_open = [](const fs::path&) { return true; }};
  if (size == 0) return 0;
  constexpr const char* names[]{"CMakeLists.txt", "meson.build", "pyproject.toml", "setup.cfg"};
  const fs::path file = folder->path() / names[data[0] % 4];
  if (!write_file(file, {reinterpret_cast<const char*>(data + 1), size - 1}).ok()) std::abort();
  const Description description = read_description(Tree(folder->path()), true, outside);
  for (const Target& target : description.targets)
    for (const std::string& source : target.sources)
      if (!source.starts_with('/')) std::abort();
  fs::remove(file);
  return 0;
}
