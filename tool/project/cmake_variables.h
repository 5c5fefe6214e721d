// The variables of a CMakeLists.txt while it is read, in scopes as CMake has them, and the commands that only compute
// values of them: set, list, string, get_filename_component, cmake_parse_arguments. A value is CMake's: one text, a
// list is a text with semicolons. What cannot be computed here holds cmake::unknown_mark. All text ever made is
// counted, so that lists that double end. Used by the reader of CMake alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/cmake_condition.h"

namespace ftaudit::project::cmake {

class Variables {
 public:
  Variables();

  const std::string* find(const std::string& name) const;  // null: nobody set it
  std::string text(const std::string& name) const;         // "" where nobody set it
  void set(const std::string& name, std::string value);
  void set_outside(const std::string& name, std::string value);  // PARENT_SCOPE
  void unset(const std::string& name);
  void enter() { scopes_.emplace_back(); }
  void leave() { scopes_.pop_back(); }

  // ${X} replaced; an unquoted argument becomes the elements of its list.
  std::vector<Operand> expanded(const Command& command);
  // Counts work that makes no text with what does: a regular expression counts as eight thousand characters.
  void charge(std::size_t work) { made_ += work; }
  static constexpr std::size_t expression = 8192;
  // Whether so much text was made that no more is.
  bool spent() const { return made_ > most_made; }

  // Does `name` if it is a command that computes; false: it is another. Paths start at `folder`.
  bool compute(const std::string& name, const Words& words, const std::string& folder);

 private:
  static constexpr std::size_t most_made = std::size_t{64} << 20;
  static constexpr std::size_t per_element = 32;  // of work on a list
  static constexpr std::size_t longest = std::size_t{1} << 20;

  std::string replaced(const std::string& text, int depth);
  void set_by_words(const Words& words);
  void append(const std::string& name, const std::string& more);
  void change_list(const Words& words);
  void change_string(const Words& words);
  void name_part(const Words& words, const std::string& folder);
  void parse_arguments(const Words& words);

  std::vector<std::map<std::string, std::optional<std::string>>> scopes_;  // nullopt: unset here
  std::size_t made_ = 0;
};

// The elements of a list; none of "".
Words elements_of(const std::string& list);

}  // namespace ftaudit::project::cmake
