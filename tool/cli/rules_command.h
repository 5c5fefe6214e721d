// `ftaudit rules` and `ftaudit explain`.
#pragma once

#include "cli/options.h"
#include "cli/scan_command.h"

namespace ftaudit::cli {

int rules(const RulesOptions& options);
int explain(const ExplainOptions& options, const Console& console);

}  // namespace ftaudit::cli
