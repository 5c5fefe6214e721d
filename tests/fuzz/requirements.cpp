// What libFuzzer makes up is read as each kind of file that names packages; the first byte says which. Names that come
// out must be names, whatever the file said.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "packages/index/simple_page.h"
#include "packages/inputs/input.h"
#include "packages/names/metadata.h"
#include "packages/names/name.h"
#include "packages/resolution/resolver.h"

using namespace ftaudit;
using namespace ftaudit::packages;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const names[] = {"requirements.txt", "pyproject.toml", "uv.lock",
                                      "poetry.lock",      "pylock.toml",    "Pipfile.lock"};
  static const ScratchFolder folder = std::move(*ScratchFolder::make("fuzz"));
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t kind = data[0] % (std::size(names) + 3);
  if (kind == std::size(names))
    return (void)parse_simple_page(text, data[0] & 0x80 ? "text/html" : "application/vnd.pypi.simple.v1+json",
                                   "https://index.example/simple/x/"),
           0;
  if (kind == std::size(names) + 1) return (void)parse_metadata(text), 0;
  if (kind == std::size(names) + 2)
    return (void)blamed_names(text), (void)parse_uv_output(text),
           (void)parse_pip_report(text, marker_environment({3, 13, true, {}})), 0;
  const fs::path file = folder.path() / names[kind];
  if (!write_file(file, text).ok()) std::abort();
  const auto input = read_input(file.string(), {.target = {3, 13, true, {}}, .extras = {"*"}, .groups = {"*"}});
  if (!input.ok()) return input.message().empty() ? (std::abort(), 0) : 0;
  for (const Wanted& wanted : input->wanted) {
    if (!wanted.requirement.name.empty() && !is_name(wanted.requirement.name)) std::abort();
    for (const std::string& name : wanted.depends_on)
      if (normal_name(name) != name) std::abort();
  }
  return 0;
}
