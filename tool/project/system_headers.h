// Headers of libraries that the machine has, for projects whose build asks pkg-config, pg_config, mysql_config and
// their like where they are. What those would answer is read from the .pc files; a header of a library without one is
// looked for in the folders below /usr/include. Nothing is run, and nothing of the project is asked. Used within
// project.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace ftaudit::project {

class SystemHeaders {
 public:
  // `roots`: folders that compilers search anyhow; `pc_folders`: where .pc files lie. Both those of the machine by
  // default.
  SystemHeaders();
  SystemHeaders(std::vector<fs::path> roots, std::vector<fs::path> pc_folders);

  // Folders to be searched for <name> beyond those that compilers search anyhow: those of the library that has it, with
  // those of the libraries it needs. Empty where no library has it, or none is needed.
  const std::vector<std::string>& folders_for(const std::string& name);

 private:
  struct Library {
    std::vector<std::string> folders, needs;
  };
  void read_libraries();
  void with_needs(const std::string& library, int depth, std::vector<std::string>& out) const;
  std::vector<std::string> search(const std::string& name);

  std::vector<fs::path> roots_, pc_folders_;
  bool read_ = false;
  std::map<std::string, Library> libraries_;  // by the name of the .pc file
  std::map<std::string, std::vector<std::string>> answers_;
};

// The Debian package that brings a header of one of the libraries that extensions use most; "" if it is none of them.
std::string_view debian_package_of(std::string_view header);

}  // namespace ftaudit::project
