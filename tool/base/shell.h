// Words as a POSIX shell reads them back. Nothing here runs a shell. Used by dynamic and cli.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit {

// One word in single quotes, whatever it holds.
std::string shell_quoted(std::string_view word);

// A command line for people to paste: only words that need it are quoted.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace ftaudit
