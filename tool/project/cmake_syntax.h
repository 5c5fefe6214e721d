// CMakeLists.txt as the list of commands it is, before any variable is looked up. Bracket arguments, comments of both
// kinds and quoted arguments are taken apart here; nothing is refused: what is broken is read as far as it goes.
// Used by the reader of CMake alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::project::cmake {

using Words = std::vector<std::string>;

struct Command {
  std::string name;  // lower case
  Words arguments;   // variables not yet replaced
  std::vector<bool> quoted;
  unsigned line = 0;
};

std::vector<Command> commands_of(std::string_view text);

}  // namespace ftaudit::project::cmake
