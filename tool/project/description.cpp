#include "project/description.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"

namespace ftaudit::project {

std::optional<std::string> read_build_file(const fs::path& file, Description& out) {
  constexpr std::size_t most = 4000;
  if (!out.read.insert(file.native()).second || out.read.size() > most) return std::nullopt;
  auto text = read_file(file, 16 << 20);
  if (text.ok()) return std::move(*text);
  out.notes.push_back(text.message());
  return std::nullopt;
}

Description read_description(const Tree& tree, bool include_tests, const Outside& outside) {
  Description out;
  const auto reads = [&](const char* name, auto reader) {
    for (const fs::path& file : tree.files()) {
      if (file.filename() != name || (!include_tests && in_side_folder(file, tree.root()))) continue;
      reader(file);
    }
  };
  // The root's own files come first, so that the distribution's name is theirs.
  for (const char* own : {"pyproject.toml", "setup.cfg"})
    if (const fs::path file = tree.root() / own; tree.has(file.native()))
      own == std::string_view("pyproject.toml") ? read_pyproject(file, tree, out) : read_setup_cfg(file, tree, out);
  const Description root = out;
  reads("pyproject.toml", [&](const fs::path& file) {
    if (file.parent_path() != tree.root()) read_pyproject(file, tree, out);
  });
  // What nested projects are built with is not what this one is.
  if (tree.has((tree.root() / "pyproject.toml").native())) {
    out.name = root.name;
    out.backend = root.backend;
    out.build_requires = root.build_requires;
  }
  reads("setup.cfg", [&](const fs::path& file) {
    if (file.parent_path() != tree.root()) read_setup_cfg(file, tree, out);
  });

  // setup.py, and any Python file beside a build file that makes extensions: hooks of other back ends, _setup.py.
  std::set<fs::path> build_folders;
  for (const fs::path& file : tree.files())
    if (file.filename() == "setup.py" || file.filename() == "pyproject.toml") build_folders.insert(file.parent_path());
  for (const bool setup : {true, false})  // setup.py first: it leads to others
    for (const fs::path& file : tree.files()) {
      if (file.extension() != ".py" || setup != (file.filename() == "setup.py")) continue;
      if (!build_folders.contains(file.parent_path()) || (!include_tests && in_side_folder(file, tree.root())))
        continue;
      if (!setup) {
        auto text = read_file(file, 4 << 20);
        if (!text.ok() ||
            (text->find("Extension(") == std::string::npos && text->find("cythonize(") == std::string::npos))
          continue;
      }
      if (!out.read.contains(file.native())) read_setup_py(file, tree, outside, out);
    }

  // Upper files first: they lead to the lower ones and give them their variables. What none led to is read by itself.
  std::vector<fs::path> native;
  for (const char* name : {"meson.build", "CMakeLists.txt"})
    reads(name, [&](const fs::path& file) { native.push_back(file); });
  std::ranges::sort(native, {}, [](const fs::path& file) { return std::pair(std::ranges::distance(file), file); });
  for (const fs::path& file : native) {
    if (out.read.contains(file.native())) continue;
    file.filename() == "meson.build" ? read_meson(file, tree, out) : read_cmake(file, tree, out);
  }

  if (out.limited_api_refused)
    std::erase_if(out.limited_api, [](const LimitedApi& place) { return place.what == meson_limited_api; });

  // A package that is a module itself goes by the package's name.
  for (Target& target : out.targets)
    if (target.module.ends_with(".__init__")) target.module.resize(target.module.size() - 9);

  if (out.backend.empty() && tree.has((tree.root() / "setup.py").native())) out.backend = "setuptools";
  std::ranges::sort(out.build_requires);
  out.build_requires.erase(std::unique(out.build_requires.begin(), out.build_requires.end()), out.build_requires.end());
  std::ranges::sort(out.limited_api);
  out.limited_api.erase(std::unique(out.limited_api.begin(), out.limited_api.end()), out.limited_api.end());
  return out;
}

}  // namespace ftaudit::project
