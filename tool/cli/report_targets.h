// Where a document goes: the reports that --format, -o and --report ask for. Shared by the commands that end in a
// document.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/console.h"
#include "cli/options.h"
#include "finding/document.h"
#include "reports/formats.h"

namespace ftaudit::cli {

struct ReportTarget {
  const reports::Format* format;
  std::string file;  // "": stdout
};

Result<std::vector<ReportTarget>> report_targets(const ScanOptions& options);

// 0, or the exit code that fits what went wrong, which has been said.
int write_reports(const std::vector<ReportTarget>& targets, const Document& document, const Console& console);

}  // namespace ftaudit::cli
