// The options that commands share: what all that read code take, and all that end in a report on it.
#pragma once

#include "cli/arguments.h"
#include "cli/options.h"
#include "finding/edits.h"

namespace ftaudit::cli {

// Paths, Python, flags.
void add_parse_options(Arguments& command, ParseOptions& options);
// Which rules, from which severity and confidence on.
void add_term_options(Arguments& command, ScanOptions& options);
// Formats, the terms, baseline.
void add_report_options(Arguments& command, ScanOptions& options);
// The one way in which code of the project is run to audit it: scan and gate.
void add_capture_options(Arguments& command, ScanOptions& options);
// What --fix and --diff make, and how it is spelled; gives --diff, which excludes other ways to end.
Option add_edit_options(Arguments& command, ScanOptions& options);
Spelling spelling_of(const ScanOptions& options);
// From which severity on a report is a failure.
void add_fail_on(Arguments& command, ScanOptions& options);

}  // namespace ftaudit::cli
