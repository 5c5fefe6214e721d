// What of CMake can be decided without a machine: the conditions of if(), generator expressions, and what CMake knows
// of a Release build on Linux for a free-threaded CPython. Where only the machine or a user could tell, the answer is
// "unknown", never a guess. Used by the reader of CMake alone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/cmake_syntax.h"

namespace ftaudit::project::cmake {

// Stands in a value for text that nobody but the machine knows.
inline constexpr char unknown_mark = '\1';
bool is_known(std::string_view value);

// One word of a condition: where it came from decides whether it may name a variable.
struct Operand {
  std::string text;      // variables replaced
  bool quoted = false;   // never names a variable
  bool written = false;  // stands so in the file: no variable was replaced in it
};

struct Surroundings {
  std::function<const std::string*(const std::string&)> variable;                             // null: nobody set it
  std::function<std::optional<bool>(const std::string& test, const std::string& what)> test;  // TARGET, EXISTS, ...
};

// nullopt: not known.
std::optional<bool> condition(const std::vector<Operand>& words, const Surroundings& around);

// `text` with its generator expressions worked out; what they leave open is unknown_mark.
std::string without_generators(const std::string& text);

// Does CMake's version `a` come before (-1), equal (0) or after (1) `b`?
int compare_versions(std::string_view a, std::string_view b);

// CMake's regular expression, found anywhere in `text`. nullopt: not one that is tried.
std::optional<bool> found_in(const std::string& expression, const std::string& text);

// Variables that CMake or its modules set before the project does, for the build that is read here.
std::vector<std::pair<std::string, std::string>> given_variables();

}  // namespace ftaudit::project::cmake
