// From paths to facts: the project is discovered, a Python and the headers of binding packages are
// chosen, every unit is parsed. The first half of an audit.
#pragma once

#include <string>
#include <vector>

#include "audit/cache.h"
#include "audit/sources.h"
#include "base/progress.h"
#include "frontend/frontend.h"
#include "project/project.h"
#include "python/interpreter.h"

namespace ftaudit::audit {

// The projects that the paths lie in; paths in one project are one project. Nothing is parsed yet. `capture` runs the
// build. Errors are of what the user named and is not there or broken.
Result<std::vector<project::Project>> find_projects(const Sources& sources, Progress& progress);

// How units are to be read, whatever project they are of.
struct Reading {
  python::Interpreter python;
  frontend::Settings settings;  // without the root, which is each project's
};

// On failure `code` is the exit code that fits: 2 for a Python that the user named, 3 for headers that this machine
// lacks.
Result<Reading> choose_reading(const Sources& sources, int& code);

// The same for one project, which may support an older Python than the newest one here; the report says so. What the
// user named stays.
Reading reading_for(project::Project& project, const Reading& general, const Sources& sources);

// One project, parsed.
struct ParsedProject {
  project::Project project;
  std::vector<frontend::Parsed> units;  // as project.units
  capi::LockCalls locks;                // by which they were read
};

// `cache` may be null.
ParsedProject parse_project(project::Project project, frontend::Settings settings, frontend::FactsCache* cache,
                            Progress& progress);

struct ParsedPaths {
  python::Interpreter python;
  std::vector<ParsedProject> projects;
};

// Both steps, for commands that want facts.
Result<ParsedPaths> parse_paths(const Sources& sources, Progress& progress, int& code);

}  // namespace ftaudit::audit
