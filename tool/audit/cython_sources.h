// The Cython sources of a project become units: translated by the Cython on this machine, or the C that the tree holds
// where that is what Cython would make; where neither can be, they are skipped with the reason and the next command.
#pragma once

#include "base/progress.h"
#include "frontend/frontend.h"
#include "project/project.h"

namespace ftaudit::audit {

// Empties project.cython. As many at the same time, and each with as much time, as `settings` says of parsing.
void translate_cython(project::Project& project, const frontend::Settings& settings, Progress& progress);

}  // namespace ftaudit::audit
