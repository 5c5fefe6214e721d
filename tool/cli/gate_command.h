// `ftaudit gate`: what a change brings in, by comparing two states of a project from git.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

int gate(const GateOptions& options, const Console& console);

}  // namespace ftaudit::cli
