// A folder of small files for tests, gone with the object.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "base/files.h"

namespace ftaudit::packages {

class FolderOnDisk {
 public:
  FolderOnDisk(std::initializer_list<std::pair<const char*, std::string>> files = {})
      : scratch_(std::move(*ScratchFolder::make("test"))) {
    for (const auto& [name, text] : files) add(name, text);
  }
  fs::path root() const { return fs::canonical(scratch_.path()); }
  fs::path operator/(const fs::path& name) const { return root() / name; }
  void add(const fs::path& name, const std::string& text) {
    fs::create_directories((root() / name).parent_path());
    REQUIRE(write_file(root() / name, text).ok());
  }

 private:
  ScratchFolder scratch_;
};

}  // namespace ftaudit::packages
