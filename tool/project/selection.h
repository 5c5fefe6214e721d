// Turns what is known of a project (its tree, its build description, a compile database if there is one) into units,
// modules and skipped files. The one place that decides what counts as an extension source. Used by discover and
// capture.
#pragma once

#include <span>

#include "project/compile_commands.h"
#include "project/description.h"
#include "project/scope.h"
#include "project/tree.h"

namespace ftaudit::project {

// Fills units, modules and skipped of `out`. `entries` empty: flags are worked out from the description and the
// includes.
void select_units(const Scope& scope, const Tree& tree, const Description& description,
                  std::span<const CompileEntry> entries, const Options& options, const Outside& outside, Project& out);

}  // namespace ftaudit::project
