// Where the user's own installer looks for packages: pip's configuration and default, uv's, and their environment
// variables. Asked of the installers themselves, so that no index is known to ftaudit by name. Used by index and
// resolve.
#pragma once

#include <string>

#include "packages/inputs/inputs.h"

namespace ftaudit::packages {

struct InstallerSettings {
  IndexOptions index;       // as configured; index_url is the installer's default where nothing is configured
  fs::path python;          // the interpreter whose pip answered; empty: none has pip
  std::string pip_version;  // "" without pip
  fs::path uv;              // empty: not installed
};

// Asked once in a process, and remembered.
const InstallerSettings& installer_settings();

// What counts in the end: the command line over the files that were read over the user's configuration. Lists add up.
IndexOptions effective(const IndexOptions& command_line, const IndexOptions& files, const IndexOptions& configured);

}  // namespace ftaudit::packages
