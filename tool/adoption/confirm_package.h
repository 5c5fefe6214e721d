// The dynamic run of a package's sdist, for `ftaudit report --confirm`: fetched, and given to `ftaudit confirm` as a
// process of its own, so that whatever becomes of it costs this package alone. BUILDS AND RUNS THE PACKAGE'S CODE.
#pragma once

#include <chrono>
#include <string>

#include "finding/adoption.h"
#include "packages/index/index.h"
#include "packages/resolution/resolution.h"

namespace ftaudit::adoption {

struct ConfirmPackageOptions {
  std::chrono::seconds budget{600};  // of one package
  std::string python;                // as of --python; "": chosen by confirm
  std::string reports;               // the folder that keeps the full reports and the reproducers
  packages::IndexOptions index;      // where what the build and the tests need comes from
};

// What goes wrong is in the summary.
ConfirmSummary confirm_package(const packages::Resolved& package, packages::Index* index,
                               const packages::Target& target, const ConfirmPackageOptions& options);

}  // namespace ftaudit::adoption
