#include "project/tree.h"

#include <algorithm>
#include <array>

namespace ftaudit::project {
namespace {

constexpr std::size_t file_limit = 400'000;

// Folders that hold copies, products or other people's installations.
bool is_left_out(const fs::path& folder) {
  static constexpr std::array<std::string_view, 22> names{
      ".git",        ".hg",           ".svn",   ".bzr",  "node_modules", "__pycache__", ".tox", ".nox",
      ".eggs",       ".venv",         "venv",   "build", "_build",       "builddir",    "dist", "site-packages",
      ".mypy_cache", ".pytest_cache", ".cache", ".idea", ".vscode",      "_skbuild"};
  const std::string name = folder.filename().string();
  if (std::ranges::find(names, name) != names.end()) return true;
  if (name.starts_with("cmake-build-") || name.starts_with("build-") || name.ends_with(".egg-info")) return true;
  std::error_code failed;
  return fs::exists(folder / "pyvenv.cfg", failed) || fs::exists(folder / "CMakeCache.txt", failed) ||
         fs::exists(folder / "meson-private", failed);
}

}  // namespace

Tree::Tree(const fs::path& root, int depth) : root_(root), root_depth_(depth) {
  walk(root_, depth);
  std::ranges::sort(files_);
  std::ranges::sort(unreadable_);
  for (auto& [name, paths] : by_name_) std::ranges::sort(paths);
}

void Tree::walk(const fs::path& folder, int depth_left) {
  std::error_code failed;
  fs::directory_iterator entries(folder, failed);
  if (failed) {
    unreadable_.push_back({folder, "the folder cannot be read: " + failed.message()});
    return;
  }
  for (; entries != fs::directory_iterator(); entries.increment(failed)) {
    if (failed) break;
    if (files_.size() >= file_limit) {
      complete_ = false;
      return;
    }
    const fs::directory_entry& entry = *entries;
    std::error_code odd;
    const bool link = entry.is_symlink(odd);
    if (entry.is_directory(odd)) {
      if (link || is_left_out(entry.path())) continue;
      if (depth_left > 0) walk(entry.path(), depth_left - 1);
      else if (root_depth_ > 1)
        unreadable_.push_back({entry.path(), "more than " + std::to_string(root_depth_) + " folders deep"});
    } else if (entry.is_regular_file(odd)) {
      // A link to a file of the same tree would be that file twice.
      if (link && is_below(fs::canonical(entry.path(), odd), root_)) continue;
      files_.push_back(entry.path());
      known_.insert(entry.path().native());
      by_name_[entry.path().filename().native()].push_back(entry.path().native());
    } else if (is_source_suffix(entry.path().extension().native()) && entry.exists(odd)) {
      unreadable_.push_back({entry.path(), "not a regular file"});
    }
  }
}

const std::vector<std::string>& Tree::named(const std::string& file_name) const {
  static const std::vector<std::string> none;
  const auto found = by_name_.find(file_name);
  return found == by_name_.end() ? none : found->second;
}

bool is_cxx_suffix(std::string_view suffix) {
  return suffix == ".cc" || suffix == ".cpp" || suffix == ".cxx" || suffix == ".C" || suffix == ".c++";
}

bool is_cython_source(const fs::path& file) { return file.extension() == ".pyx"; }

bool is_source_suffix(std::string_view suffix) { return suffix == ".c" || is_cxx_suffix(suffix); }

bool is_below(const fs::path& path, const fs::path& folder) {
  const std::string& inner = path.native();
  const std::string& outer = folder.native();
  return inner.starts_with(outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '/' || (!outer.empty() && outer.back() == '/'));
}

bool in_side_folder(const fs::path& path, const fs::path& root) {
  static constexpr std::array<std::string_view, 21> names{
      "test",      "tests",      "testing", "example", "examples", "doc",       "docs",
      "benchmark", "benchmarks", "bench",   "fuzz",    "fuzzing",  "demo",      "demos",
      "sample",    "samples",    "Tests",   "Demo",    "_tests",   "_examples", "Examples"};
  for (const fs::path& part : path.parent_path().lexically_relative(root))
    if (std::ranges::find(names, part.string()) != names.end()) return true;
  return false;
}

}  // namespace ftaudit::project
