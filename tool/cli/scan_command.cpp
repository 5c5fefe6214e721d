#include "cli/scan_command.h"

#include <iostream>

#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/auditing.h"
#include "cli/mending.h"
#include "cli/report_targets.h"
#include "cli/target_python.h"
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
  document.notes.push_back("shard " + std::to_string(options.shard) + " of " + std::to_string(options.shards) +
                           " has none of the paths");
  return write_reports(targets, document, console);
}

// Makes the edits that `audited` carries; when that changed something, `audited` is the state after. How many findings
// it mended.
Result<std::size_t> mend_files(const ScanOptions& options, const Selection& selection, AuditedPaths& audited,
                               bool by_compat, Progress& progress, const Console& console) {
  std::optional<AuditedPaths> after;
  const Result<Mended> mended = mend(audited.document, by_compat, [&]() -> Result<Document> {
    int code = 0;
    Result<AuditedPaths> second = audit_paths(options, selection, progress, code);
    if (!second.ok()) return Error{"the second audit failed: " + second.message()};
    after = std::move(*second);
    return after->document;
  });
  if (!mended.ok()) return mended.error();
  if (console.verbosity >= 0)
    std::cerr << "ftaudit: "
              << (mended->findings == 0
                      ? "no finding has a mechanical edit"
                      : counted(mended->findings, "finding") + " mended in " + counted(mended->files, "file"))
              << "\n";
  if (mended->findings > 0) audited = std::move(*after);
  return mended->findings;
}

}  // namespace

// One audit a Python that was asked for.
static Result<AuditedPaths> audit_for_all(const ScanOptions& options, const Selection& selection, Progress& progress,
                                          int& code) {
  const std::vector<std::string> pythons = requested_pythons(options.parse.python);
  if (pythons.size() == 1) return audit_paths(options, selection, progress, code);
  code = usage;
  if (options.fix || options.diff) return Error{"--fix and --diff edit for one Python; name one with --python"};
  AuditedPaths out;
  std::vector<Document> documents;
  for (const std::string& python : pythons) {
    ScanOptions one = options;
    one.parse.python = python;
    Result<AuditedPaths> audited = audit_paths(one, selection, progress, code);
    if (!audited.ok()) return audited;
    documents.push_back(std::move(audited->document));
    out.kept = std::move(audited->kept);
    documents.front().root = documents.back().root;  // an archive's sources are shown from where they lie last
  }
  out.document = across_pythons(std::move(documents));
  return out;
}

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
  Result<AuditedPaths> audited = audit_for_all(options, *selection, *progress, code);
  if (!audited.ok()) return log::error(audited.message()), code;
  const bool by_compat = options.fix_compat == "pythoncapi-compat";
  if (options.diff) {
    stand_still_if_interrupted();
    if (Status shown = show_edits(std::cout, audited->document, by_compat); !shown.ok())
      return log::error(shown.message()), usage;
    return exit_code(audited->document, options.fail_on);
  }
  if (options.fix) {
    const bool archive = std::any_of(audited->kept.begin(), audited->kept.end(),
                                     [](const auto& unpacked) { return unpacked.has_value(); });
    if (archive) return log::error("--fix edits files, and what was given is an archive"), usage;
    const Result<std::size_t> mended = mend_files(options, *selection, *audited, by_compat, *progress, console);
    if (!mended.ok()) return log::error(mended.message()), usage;
  }
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
