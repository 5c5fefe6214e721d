// What a CMake project has Cython make: which C comes of which source, by add_custom_command as most write it and by
// the commands of the two modules that there are for it (scikit-build's UseCython, cython-cmake). Used by the reader of
// CMake alone.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "project/cmake_variables.h"
#include "project/cython_command.h"
#include "project/tree.h"

namespace ftaudit::project::cmake {

class CythonSteps {
 public:
  CythonSteps(const Tree& tree, Variables& variables) : tree_(tree), variables_(variables) {}

  // Does the command `name` if it is one by which C is made; `folder` is where its relative paths start.
  bool apply(const std::string& name, const Words& words, const fs::path& folder);

  // What the file of this absolute path is made by; its source and folders are absolute, and its module is the one that
  // Cython takes it to be. Null: not by Cython, as far as is known.
  const CythonCommand* maker_of(const std::string& made) const;

 private:
  void custom_command(const Words& words, const fs::path& folder);
  void transpile(const Words& words, const fs::path& folder);
  void cython_target(const Words& words, const fs::path& folder);
  void note(const std::string& made, CythonCommand command, const fs::path& folder);
  std::string package_name(const fs::path& source) const;

  const Tree& tree_;
  Variables& variables_;
  std::map<std::string, CythonCommand> makers_;
};

}  // namespace ftaudit::project::cmake
