// The import of a package, for `ftaudit report --probe`: what became of the GIL, in the words of a report. IMPORTS THE
// PACKAGE'S CODE. Used by adoption.
#pragma once

#include <string>

#include "finding/adoption.h"
#include "packages/resolution/resolution.h"
#include "packages/verdict/verdict.h"

namespace ftaudit::adoption {

// `python`: its version, for the summary. What goes wrong is in the summary.
ProbeSummary probe_package(const packages::Resolved& package, const packages::ProbeOptions& options,
                           const std::string& python);

}  // namespace ftaudit::adoption
