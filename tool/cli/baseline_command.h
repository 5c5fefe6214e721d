// `ftaudit baseline write|check|prune`.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

int baseline(const BaselineOptions& options, const Console& console);

}  // namespace ftaudit::cli
