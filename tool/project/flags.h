// Compiler command lines as build systems write them: their words, what they compile, and what is missing of language
// and standard. Which flags of them are kept is flag_filter's question. Used within project.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.h"

namespace ftaudit::project {

// The words of `command` as a POSIX shell would split them; no expansion of any kind.
std::vector<std::string> split_command(std::string_view command);

// The value of -o among `words`, or "".
std::string output_of(std::span<const std::string> words);

// The words of `words` that are neither options nor values of options.
std::vector<std::string> inputs_of(std::span<const std::string> words);

// "-x c -std=gnu17 ..." completed: language by `suffix` and standard where `flags` do not say.
std::vector<std::string> with_language(std::vector<std::string> flags, std::string_view suffix, bool newer_cxx);

// The folders that -I and its kin among kept flags name, absolute; relative ones start at `base`.
std::vector<std::string> searched_folders(const std::vector<std::string>& flags, const fs::path& base);

// The interpreter's headers are chosen by whoever reads the file (3.13 or newer, free-threaded), not by the machine
// that the database was made on: `flags` without the folders of CPython's headers that lie outside `root`.
std::vector<std::string> without_interpreter(const std::vector<std::string>& flags, const fs::path& base,
                                             const fs::path& root);

}  // namespace ftaudit::project
