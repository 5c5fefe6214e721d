#include "cli/command.h"

#include <iostream>

#include "audit/audit.h"
#include "audit/mending.h"
#include "audit/target_python.h"
#include "base/exit_code.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/outline.h"
#include "cli/report_targets.h"
#include "cli/shard.h"
#include "finding/verdict.h"

namespace ftaudit::cli {
namespace {

using exit_with::usage;

// More shards than paths: a report all the same, so that whoever collects them finds as many as were started.
int empty_shard(const ScanOptions& options, const std::vector<ReportTarget>& targets, const Console& console) {
  Document document;
  document.tool_version = FTAUDIT_VERSION;
  document.sandbox = sandbox::confinement();
  document.notes.push_back("shard " + std::to_string(options.shard) + " of " + std::to_string(options.shards) +
                           " has none of the paths");
  return write_reports(targets, document, console);
}

audit::Making making(const ScanOptions& options, const Selection& selection) {
  audit::Making out;
  if (options.fix || options.diff) out.edits = spelling_of(options);
  else out.also = with_outline(selection);
  // Shards are put together later: all of them show paths from where they were started.
  std::error_code unknown;
  if (options.shards > 0) out.common = fs::current_path(unknown);
  return out;
}

// Makes the edits that `audited` carries; when that changed something, `audited` is the state after. How many findings
// it mended.
Result<std::size_t> mend_files(const ScanOptions& options, const Selection& selection, audit::AuditedPaths& audited,
                               bool by_compat, Progress& progress, const Console& console) {
  std::optional<audit::AuditedPaths> after;
  const Result<audit::Mended> mended = audit::mend(audited.document, by_compat, [&]() -> Result<Document> {
    int code = 0;
    Result<audit::AuditedPaths> second =
        audit::audit_paths(options.parse, selection, making(options, selection), progress, code);
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

// One audit a Python that was asked for.
Result<audit::AuditedPaths> audit_for_all(const ScanOptions& options, const Selection& selection, Progress& progress,
                                          int& code) {
  const std::vector<std::string> pythons = audit::requested_pythons(options.parse.python);
  if (pythons.size() == 1)
    return audit::audit_paths(options.parse, selection, making(options, selection), progress, code);
  code = usage;
  if (options.fix || options.diff) return Error{"--fix and --diff edit for one Python; name one with --python"};
  audit::AuditedPaths out;
  std::vector<Document> documents;
  for (const std::string& python : pythons) {
    audit::Sources one = options.parse;
    one.python = python;
    Result<audit::AuditedPaths> audited =
        audit::audit_paths(one, selection, making(options, selection), progress, code);
    if (!audited.ok()) return audited;
    documents.push_back(std::move(audited->document));
    out.kept = std::move(audited->kept);
    documents.front().root = documents.back().root;  // an archive's sources are shown from where they lie last
  }
  out.document = audit::across_pythons(std::move(documents));
  return out;
}

int scan(const ScanOptions& options, const Console& console) {
  Result<Selection> selection = audit::selection_of(options);
  if (!selection.ok()) return log::error(selection.message()), usage;
  Result<std::vector<ReportTarget>> targets = report_targets(options);
  if (!targets.ok()) return log::error(targets.message()), usage;
  Result<std::optional<Baseline>> baseline = audit::baseline_of(options.baseline);
  if (!baseline.ok()) return log::error(baseline.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = 0;
  if (options.parse.paths.empty()) return empty_shard(options, *targets, console);
  Result<audit::AuditedPaths> audited = audit_for_all(options, *selection, *progress, code);
  if (!audited.ok()) return log::error(audited.message()), code;
  const bool by_compat = options.fix_compat == "pythoncapi-compat";
  if (options.diff) {
    stand_still_if_interrupted();
    if (Status shown = audit::show_edits(std::cout, audited->document, by_compat); !shown.ok())
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
  if (*baseline) audit::apply_baseline(**baseline, options.baseline, document);
  if (const int failed = write_reports(*targets, document, console)) return failed;
  return exit_code(document, options.fail_on);
}

}  // namespace

void add_scan(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto options = std::make_shared<ScanOptions>(defaults);
  Arguments command = program.command("scan", "Audit the sources of an extension; runs nothing of it");
  add_parse_options(command, options->parse);
  add_report_options(command, *options);
  command
      .taken(
          "--shard",
          [options](const std::string& text) {
            Shard shard;
            const std::string wrong = read_shard(text, shard);
            return options->shard = shard.number, options->shards = shard.of, wrong;
          },
          "Only each Nth of the paths, from the Ith on (see merge)")
      .named("I/N");
  add_edit_options(command, *options);
  add_capture_options(command, *options);
  command.when_chosen([=] {
    choose({.run = [options](const Console& console) { return scan(*options, console); },
            .parse = &options->parse,
            .audit = options.get(),
            .needs_path = true});
  });
}

}  // namespace ftaudit::cli
