// `ftaudit scan` and `ftaudit facts`.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

int scan(const ScanOptions& options, const Console& console);
int facts(const FactsOptions& options, const Console& console);

}  // namespace ftaudit::cli
