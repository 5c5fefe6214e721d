// `ftaudit baseline write|check|prune`.
#pragma once

#include "cli/scan_command.h"

namespace ftaudit::cli {

int baseline(const BaselineOptions& options, const Console& console);

}  // namespace ftaudit::cli
