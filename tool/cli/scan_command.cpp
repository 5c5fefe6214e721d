#include "cli/scan_command.h"

#include <iostream>

#include "base/interruption.h"
#include "base/log.h"
#include "cli/auditing.h"
#include "cli/report_targets.h"
#include "finding/verdict.h"
#include "model/join.h"
#include "model/print.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;

// More shards than paths: a report all the same, so that whoever collects them finds as many as were started.
int empty_shard(const ScanOptions& options, const std::vector<ReportTarget>& targets, const Console& console) {
  Document document;
  document.tool_version = FTAUDIT_VERSION;
  document.notes.push_back("shard " + std::to_string(options.shard) + " of " + std::to_string(options.shards) + " has none of the paths");
  return write_reports(targets, document, console);
}

}  // namespace

int scan(const ScanOptions& options, const Console& console) {
  Result<Selection> selection = selection_of(options);
  if (!selection.ok()) return log::error(selection.message()), usage;
  Result<std::vector<ReportTarget>> targets = report_targets(options);
  if (!targets.ok()) return log::error(targets.message()), usage;
  Result<std::optional<Baseline>> baseline = baseline_of(options);
  if (!baseline.ok()) return log::error(baseline.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = 0;
  if (options.parse.paths.empty()) return empty_shard(options, *targets, console);
  Result<AuditedPaths> audited = audit_paths(options, *selection, *progress, code);
  if (!audited.ok()) return log::error(audited.message()), code;
  Document& document = audited->document;
  if (*baseline) apply_baseline(**baseline, options.baseline, document);
  if (const int failed = write_reports(*targets, document, console)) return failed;
  return exit_code(document, options.fail_on);
}

int facts(const FactsOptions& options, const Console& console) {
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = 0;
  Result<ParsedPaths> parsed = parse_paths(options.parse, false, {}, *progress, code);
  if (!parsed.ok()) return log::error(parsed.message()), code;
  bool whole = true;
  for (ParsedProject& project : parsed->projects) {
    if (project.project.units.empty()) log::error(project::why_empty(project.project)), whole = false;
    std::vector<model::Facts> units;
    for (frontend::Parsed& unit : project.units) {
      if (unit.failed) whole = false;
      units.push_back(std::move(unit.facts));
    }
    stand_still_if_interrupted();
    model::print(std::cout, model::join(std::move(units)));
  }
  std::cout.flush();
  return whole ? 0 : incomplete;
}

}  // namespace ftaudit::cli
