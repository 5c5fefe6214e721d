#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "project/archive.h"
#include "project/selection.h"

namespace ftaudit::project {
namespace {

bool has_any(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code failed;
  return std::ranges::any_of(names, [&](const char* name) { return fs::exists(folder / name, failed); });
}

// The project that `folder` belongs to: the nearest folder upwards that Python would build from; else the uppermost of
// the chain that CMake or meson would; else the one under version control; else none.
fs::path find_root(const fs::path& folder) {
  const char* home = std::getenv("HOME");
  fs::path native;
  for (fs::path up = folder; up.has_relative_path(); up = up.parent_path()) {
    if (has_any(up, {"pyproject.toml", "setup.py", "setup.cfg"})) return up;
    if (has_any(up, {"meson.build", "CMakeLists.txt"})) native = up;
    if (has_any(up, {".git", ".hg"})) return native.empty() ? up : native;
    if (home != nullptr && up == fs::path(home)) break;
  }
  return native;
}

void describe(const Description& description, Project& out) {
  out.name = description.name.empty() ? out.root.filename().string() : description.name;
  out.backend = description.backend;
  out.build_requires = description.build_requires;
  out.limited_api = description.limited_api;
  out.notes = description.notes;
}

Result<Project> discover_tree(const Scope& scope, bool is_project, const Options& options) {
  Project out;
  out.root = scope.root;
  // Without a project around it, a lone file's neighbours are looked at, not everything that happens to lie below.
  const Tree tree(scope.root, is_project ? 60 : 1);
  const Description description =
      is_project || !scope.one_file ? read_description(tree, options.include_tests, options.memory) : Description{};
  describe(description, out);

  std::vector<CompileEntry> entries;
  out.compile_commands = options.compile_commands;
  std::error_code failed;
  if (fs::is_directory(out.compile_commands, failed)) out.compile_commands /= "compile_commands.json";
  if (out.compile_commands.empty() && is_project) out.compile_commands = find_compile_commands(scope.root);
  if (!out.compile_commands.empty()) {
    auto read = read_compile_commands(out.compile_commands);
    if (!read.ok()) return read.error();
    entries = std::move(*read);
    const bool useful =
        std::ranges::any_of(entries, [&](const CompileEntry& entry) { return is_below(entry.file, scope.path); });
    if (!useful) {
      out.notes.push_back(shown_path(out.compile_commands, scope.root) +
                          " names no file below what was asked for; flags are worked out instead");
      entries.clear();
      out.compile_commands.clear();
    }
  }
  select_units(scope, tree, description, entries, options, out);
  return out;
}

Result<Project> discover_archive(const fs::path& archive, const Options& options) {
  auto scratch = ScratchFolder::make("sdist");
  if (!scratch.ok()) return scratch.error();
  if (auto unpacked = unpack(archive, scratch->path()); !unpacked.ok()) return unpacked.error();
  // An sdist holds one folder, name-version; that is the project.
  fs::path root = fs::canonical(scratch->path());
  std::error_code failed;
  fs::directory_iterator entries(root, failed);
  if (!failed && entries != fs::directory_iterator()) {
    const fs::path only = entries->path();
    if (++entries == fs::directory_iterator() && fs::is_directory(only, failed)) root = only;
  }
  auto project = discover_tree({.root = root, .path = root}, true, options);
  if (project.ok()) project->unpacked = std::move(*scratch);
  return project;
}

}  // namespace

Result<Project> discover(const fs::path& path, const Options& options) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_type::not_found) return Error{path.string() + ": no such file or folder"};
  const fs::path full = fs::canonical(path, failed);
  if (failed) return Error{"cannot read " + path.string() + ": " + failed.message()};

  if (fs::is_directory(status)) {
    fs::directory_iterator entries(full, failed);
    if (failed) return Error{"cannot read " + path.string() + ": " + failed.message()};
    const fs::path root = find_root(full);
    return discover_tree({.root = root.empty() ? full : root, .path = full}, true, options);
  }
  if (!fs::is_regular_file(status)) return Error{path.string() + ": neither a file nor a folder"};
  if (is_archive_name(full)) return discover_archive(full, options);
  if (!is_source_suffix(full.extension().native()) && !is_cython_source(full))
    return Error{path.string() +
                 ": not a C, C++ or Cython source (.c, .cc, .cpp, .cxx, .C, .pyx), a folder, or an "
                 "archive of sources"};
  if (auto text = read_file(full); !text.ok()) return text.error();
  const fs::path root = find_root(full.parent_path());
  return discover_tree({.root = root.empty() ? full.parent_path() : root, .path = full, .one_file = true},
                       !root.empty(), options);
}

std::string why_empty(const Project& project) {
  std::string out;
  if (project.looked_at == 0) {
    out = "there is no C or C++ source";
  } else {
    out = "of " + counted(project.looked_at, "C or C++ source") +
          " none includes Python.h, pybind11, nanobind, Boost.Python or NumPy headers, directly or through the "
          "project's headers, "
          "and no build file (setup.py, pyproject.toml, meson.build, CMakeLists.txt) lists one as part of an extension "
          "module";
  }
  if (!project.skipped.empty())
    out += "; " + counted(project.skipped.size(), "file") + " skipped, such as " +
           shown_path(project.skipped.front().file, project.root) + ": " + project.skipped.front().reason;
  return out;
}

}  // namespace ftaudit::project
