// A small project tree for tests: files given by name and text, in a folder that goes with the object.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "project/project.h"

namespace ftaudit::project {

class TreeOnDisk {
 public:
  TreeOnDisk(std::initializer_list<std::pair<const char*, std::string>> files)
      : scratch_(std::move(*ScratchFolder::make("test"))) {
    for (const auto& [name, text] : files) add(name, text);
  }

  fs::path root() const { return fs::canonical(scratch_.path()); }
  fs::path operator/(const char* name) const { return root() / name; }
  void add(const fs::path& name, const std::string& text) {
    fs::create_directories((root() / name).parent_path());
    REQUIRE(write_file(root() / name, text).ok());
  }
  Project discover(const Options& options = {}) const { return discover_at(root(), options); }
  Project discover_at(const fs::path& path, const Options& options = {}) const {
    auto project = project::discover(path, options);
    INFO((project.ok() ? std::string() : project.message()));
    REQUIRE(project.ok());
    return std::move(*project);
  }

 private:
  ScratchFolder scratch_;
};

inline std::vector<std::string> units_of(const Project& project) {
  std::vector<std::string> out;
  for (const Unit& unit : project.units) out.push_back(shown_path(unit.file, project.root));
  return out;
}

inline const Unit& unit_of(const Project& project, const char* file) {
  for (const Unit& unit : project.units)
    if (shown_path(unit.file, project.root) == file) return unit;
  FAIL("no such unit: ", file);
  return project.units.front();
}

inline bool has_flag(const Unit& unit, const std::string& flag) {
  return std::ranges::find(unit.flags, flag) != unit.flags.end();
}

inline std::string skip_of(const Project& project, const char* file) {
  for (const Skip& skip : project.skipped)
    if (shown_path(skip.file, project.root) == file) return skip.reason;
  return "";
}

using Texts = std::vector<std::string>;

}  // namespace ftaudit::project
