// The command line as it describes itself: commands and their options with what each is for. What the manual page and
// the completions of shells are written from, so that neither can say what the program does not.
#pragma once

#include <string>
#include <vector>

namespace ftaudit::cli {

struct DescribedOption {
  std::vector<std::string> names;  // "-j", "--jobs"; of a positional its name, "PATH"
  bool positional = false;
  std::string value;                 // "FILE"; "" for a flag
  std::vector<std::string> choices;  // all that it may be; empty: anything
  std::string about;
};

struct DescribedCommand {
  std::string name, about, footer;
  std::vector<DescribedOption> options;
  std::vector<DescribedCommand> commands;
};

}  // namespace ftaudit::cli
