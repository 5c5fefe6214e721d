// Advice: what the verdicts of a whole set mean for one kind of work: go, try in staging, or not yet; what blocks, what
// to upgrade, what to ask of upstream, and along which chain of requirements the GIL comes back. Decides from the
// verdicts alone. Used by report.
#pragma once

#include <string_view>
#include <vector>

#include "finding/adoption.h"

namespace ftaudit::packages {

// `incomplete`: something the user asked for is not among the packages; then it is never "go".
ftaudit::Advice advise(const std::vector<PackageReport>& packages, Workload workload, std::string_view target,
                       bool incomplete = false);

}  // namespace ftaudit::packages
