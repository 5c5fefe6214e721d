// One run of `ftaudit report`: inputs read, resolved, every package's evidence gathered (many at a time), judged, and
// the whole advised upon. Several inputs share downloads and verdicts. Used by report_command.
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "cli/report_options.h"
#include "finding/adoption.h"

namespace ftaudit::cli {

// Fails for what is wrong with the command line or when there is no resolver; everything else becomes part of the
// report.
Result<AdoptionReport> run_adoption(const ReportOptions& options, Progress& progress);

}  // namespace ftaudit::cli
