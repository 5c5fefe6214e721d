// The files below a folder, walked once: which there are, what could not be read, and which of them have a given name.
// Build folders, version control, virtual environments and the like are left out. Links to folders are not followed,
// so loops cannot happen. Knows file names only, never what is in a file. Used within project.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "project/project.h"

namespace ftaudit::project {

class Tree {
 public:
  // `root` absolute and normal; folders more than `depth` below it are not entered.
  explicit Tree(const fs::path& root, int depth = 60);

  const fs::path& root() const { return root_; }
  const std::vector<fs::path>& files() const { return files_; }        // absolute, sorted
  const std::vector<Skip>& unreadable() const { return unreadable_; }  // folders not listed; sources that are no files
  bool complete() const { return complete_; }                          // false: stopped at the limit of files

  bool has(const std::string& absolute) const { return known_.contains(absolute); }
  // Absolute paths of the files with this name, sorted.
  const std::vector<std::string>& named(const std::string& file_name) const;

 private:
  void walk(const fs::path& folder, int depth_left);

  fs::path root_;
  int root_depth_;
  std::vector<fs::path> files_;
  std::vector<Skip> unreadable_;
  std::unordered_set<std::string> known_;
  std::unordered_map<std::string, std::vector<std::string>> by_name_;
  bool complete_ = true;
};

bool is_cxx_suffix(std::string_view suffix);     // ".cc", ".cpp", ".cxx", ".C", ".c++"
bool is_source_suffix(std::string_view suffix);  // those and ".c"
bool is_cython_source(const fs::path& file);     // .pyx
// Whether a folder of `path` below `root` is one for tests, examples, documentation or benchmarks.
bool in_side_folder(const fs::path& path, const fs::path& root);
// `path` lies at or below `folder`; both absolute and normal.
bool is_below(const fs::path& path, const fs::path& folder);

}  // namespace ftaudit::project
