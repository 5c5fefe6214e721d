// `ftaudit merge`: JSON reports of several runs, or of several shards of one, as one document.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

int merge(const MergeOptions& options, const Console& console);

}  // namespace ftaudit::cli
