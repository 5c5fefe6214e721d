// The targets of a CMake project as its commands make and change them: sources, folders, macros, what they link and
// hand on. Also the settings that a folder gives every target made in it. Knows nothing of control flow.
// Used by the reader of CMake alone.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "project/cmake_cython.h"
#include "project/cmake_variables.h"
#include "project/description.h"

namespace ftaudit::project::cmake {

// Where a command stands.
struct Place {
  fs::path file, folder;  // relative paths start at the folder
  unsigned line = 0;
  bool in_doubt = false;  // under a condition that could not be decided
};

class Targets {
 public:
  struct Shared {
    Words dirs, flags;
  };
  Shared shared;  // of the folder: what include_directories and its kin said

  Targets(const Variables& variables, const CythonSteps& cython, Description& out)
      : variables_(variables), cython_(cython), out_(out) {}

  bool has(const std::string& name) const { return targets_.contains(name); }
  // Does the command `name` if it is one about targets.
  void apply(const std::string& name, const Words& words, const Place& place);
  // Writes all targets down.
  void finish();

 private:
  struct Made {
    Target target;
    Words linked;
    Words public_dirs, public_flags;  // of whatever links it
    // Language standards that it needs at least, "gnu++17", and that whatever links it does: no order among them.
    Words standards, public_standards;
    std::string output;  // OUTPUT_NAME, where it is another than the target's
  };

  Made& target(const std::string& name);
  Made& made_target(const Words& words, const Place& place);
  void add_module(const Words& words, const Place& place);
  void add_library(const Words& words, const Place& place);
  void change(const std::string& name, const Words& words, const Place& place);
  void set_properties(const Words& words);
  void add_flag(std::string flag, const Place& place, Words& to);
  void ask_limited(const char* what, const Place& place);
  void take_over(const std::string& name);
  static void settle_standards(Made& made);
  void settle_cython(Target& target) const;
  void hand_on(const std::string& name);
  Words reached_from(const std::string& name) const;

  const Variables& variables_;
  const CythonSteps& cython_;
  Description& out_;
  std::map<std::string, Made> targets_;
  Words order_;
};

}  // namespace ftaudit::project::cmake
