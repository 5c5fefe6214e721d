// What is the project's own among the files and modules that a run names, and how its files are shown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "cython/frames.h"

namespace ftaudit::dynamic {

// What belongs to the project: where its sources and its built modules lie.
struct Ours {
  // Folders the debug information may name for the project's sources (scratch copy, build folders, the original), each
  // with what takes its place in a report. Longest first wins.
  struct Root {
    fs::path folder;
    std::string shown;  // "" : the project's root itself
  };
  std::vector<Root> roots;
  std::vector<fs::path> modules;          // the audited .so files
  std::vector<fs::path> python_includes;  // CPython's headers: inlined from there is not the project's own line
  std::shared_ptr<cython::Frames> frames = std::make_shared<cython::Frames>();
  bool built_elsewhere = false;  // in a folder nobody told: known by how its files lie in the project

  // One frame of a stack as the project names it: what Cython made is its .pyx.
  struct Place {
    std::string file;  // "" where it is not the project's own code
    std::uint32_t line = 0, column = 0;
    std::string function;
    bool generators = false;  // a generator's own code in a file of the project
  };
  Place place(std::string_view file, std::uint32_t line, std::uint32_t column, std::string_view function) const;

  // Path relative to the project; empty if the file is not the project's. A relative path counts if it is there below a
  // root.
  std::string shown(std::string_view file) const;
  bool is_ours(std::string_view module) const;  // by base name or whole path
  // The text with the project's files named as it names them, and its modules by their base names: no folder of this
  // run.
  std::string shown_in(std::string text) const;

 private:
  std::optional<std::pair<const Root*, std::string>> below_root(const std::string& path) const;
  std::string shown_by_end(std::string_view path) const;
};

}  // namespace ftaudit::dynamic
