// `ftaudit report`: the packages of an application, what each means for running without the GIL, and what to do. Wires
// packages and reports together; decides nothing.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

// 0: nothing at or above --fail-on; 1: something; 2: usage; 3: nothing could be judged, or an input was lost.
int report(const ReportOptions& options, const Console& console);

}  // namespace ftaudit::cli
