// Completions: what a shell offers when the user presses Tab behind `ftaudit`. Used by `ftaudit completion`.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace ftaudit::cli {

// `shell`: bash, zsh or fish. The text is a script that the shell sources.
std::string completion(const DescribedCommand& program, const std::string& shell);

}  // namespace ftaudit::cli
