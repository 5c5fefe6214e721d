// From paths on the command line to facts: the project is discovered, a Python and the headers of binding packages are
// chosen, every unit is parsed. Shared by the commands that read code.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "cli/options.h"
#include "dynamic/interpreter.h"
#include "frontend/frontend.h"
#include "project/project.h"

namespace ftaudit::cli {

// One project of the command line, parsed.
struct ParsedProject {
  project::Project project;
  std::vector<frontend::Parsed> units;  // as project.units
};

struct ParsedPaths {
  dynamic::Interpreter python;
  std::vector<ParsedProject> projects;
};

// Paths in one project are one project. `capture` runs the build. On failure `code` is the exit code that fits: 2 for what
// the user named and is not there or broken, 3 for headers that this machine lacks.
Result<ParsedPaths> parse_paths(const ParseOptions& options, bool capture, const std::vector<std::string>& build, Progress& progress, int& code);

}  // namespace ftaudit::cli
