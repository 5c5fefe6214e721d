// The Cython sources of a project become units: translated by the Cython on this machine, or the C that the tree holds
// where that is what Cython would make; where neither can be, they are skipped with the reason and the next command.
#pragma once

#include "base/progress.h"
#include "project/project.h"

namespace ftaudit::cli {

// Empties project.cython. `jobs` translations at the same time.
void translate_cython(project::Project& project, unsigned jobs, Progress& progress);

}  // namespace ftaudit::cli
