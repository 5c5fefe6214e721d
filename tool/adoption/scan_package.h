// The static scan of a package's sdist, for `ftaudit report --scan`: fetched, unpacked into scratch, parsed and judged
// as `ftaudit scan` would, and summed up. Runs nothing of it.
#pragma once

#include <string>

#include "finding/adoption.h"
#include "packages/index/index.h"
#include "packages/resolution/resolution.h"

namespace ftaudit::adoption {

// `reports`: a folder for the full report as JSON; "" keeps none. What goes wrong is in the summary.
ScanSummary scan_package(const packages::Resolved& package, packages::Index* index, const packages::Target& target,
                         const std::string& reports);

}  // namespace ftaudit::adoption
