// `ftaudit confirm`: scan, then build, run and watch, and one document of both.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

// Exit codes as of scan; 3 also when nothing could be run and nothing is found.
int confirm(const ConfirmOptions& options, const Console& console);

}  // namespace ftaudit::cli
