#include "packages/wheels/source_archive.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "packages/wheels/wheel.h"
#include "project/project.h"

namespace ftaudit::packages {
namespace {

// What a file of this name is compiled from; "" when it is not.
std::string_view language_of(const fs::path& file) {
  static constexpr std::pair<std::string_view, std::string_view> languages[] = {
      {".pyx", "Cython"}, {".rs", "Rust"}, {".f", "Fortran"}, {".f90", "Fortran"},      {".f77", "Fortran"},
      {".cu", "CUDA"},    {".go", "Go"},   {".zig", "Zig"},   {".mm", "Objective-C++"}, {".m", "Objective-C"}};
  const std::string suffix = to_lower(file.extension().string());
  for (const auto& [ending, language] : languages)
    if (suffix == ending) return language;
  return {};
}

bool is_aside(const fs::path& relative) {
  static const std::set<std::string> aside{"test",     "tests",   "testing",    "docs",      "doc",
                                           "examples", "example", "benchmarks", "benchmark", "vendor"};
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return aside.contains(part.string()); });
}

}  // namespace

Result<SourceArchive> read_source_archive(const fs::path& archive) {
  Result<project::Project> project = project::discover(archive);
  if (!project.ok()) return project.error();
  SourceArchive out;
  out.backend = project->backend;
  out.build_requires = project->build_requires;
  out.limited_api = std::any_of(project->limited_api.begin(), project->limited_api.end(),
                                [](const project::LimitedApi& one) { return !one.unless_free_threaded; });
  std::set<std::string> languages;
  for (const project::Unit& unit : project->units) {
    const std::string suffix = unit.file.extension().string();
    languages.insert(suffix == ".c" ? "C" : "C++");
    ++out.compiled_files;
  }
  std::error_code wrong;
  for (fs::recursive_directory_iterator at(project->root, wrong), end; !wrong && at != end; at.increment(wrong)) {
    if (!at->is_regular_file(wrong) || at->is_symlink(wrong)) continue;
    const fs::path relative = at->path().lexically_relative(project->root);
    if (const std::string_view language = language_of(relative); !language.empty() && !is_aside(relative)) {
      languages.emplace(language);
      ++out.compiled_files;
    }
    if (relative.filename() == "PKG-INFO" && (out.metadata.empty() || !relative.has_parent_path()))
      if (Result<std::string> text = read_file(at->path(), 8u << 20); text.ok()) out.metadata = std::move(*text);
  }
  out.compiled.assign(languages.begin(), languages.end());
  return out;
}

Builds would_build(const SourceArchive& archive, std::string& why) {
  if (archive.compiled_files == 0) {
    why = "nothing in its sources is compiled";
    return Builds::yes;
  }
  const std::string what = join(archive.compiled, ", ") + (archive.backend.empty() ? "" : " with " + archive.backend);
  if (archive.limited_api) {
    why = "its build asks for the stable ABI, which free-threaded CPython refuses before 3.15 (" + what + ")";
    return Builds::no;
  }
  why = "it compiles " + what + "; whether that succeeds only a build can tell";
  return Builds::unknown;
}

}  // namespace ftaudit::packages
