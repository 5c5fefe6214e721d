// `ftaudit rules` and `ftaudit explain`.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

int rules(const RulesOptions& options);
int explain(const ExplainOptions& options, const Console& console);

}  // namespace ftaudit::cli
