#include "cli/baseline_command.h"

#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "cli/auditing.h"
#include "cli/report_targets.h"
#include "finding/verdict.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;
constexpr const char* usual_file = "ftaudit-baseline.txt";

// An audit with gaps says nothing about what lies in them.
bool has_gaps(const Document& document) { return exit_code(document, std::nullopt) != 0; }

int write(const Document& document, const std::string& file) {
  if (has_gaps(document))
    return log::error(
               "not everything could be audited, so no baseline was written; `ftaudit scan` says what is missing"),
           incomplete;
  const Baseline baseline = Baseline::of(document);
  if (Status written = write_file(file, baseline.text()); !written.ok()) return log::error(written.message()), usage;
  std::printf("%s lists %s\n", file.c_str(), counted(baseline.entries().size(), "finding").c_str());
  return 0;
}

int prune(Baseline baseline, Document document, const std::string& file) {
  if (has_gaps(document))
    return log::error("not everything could be audited, so nothing was taken out; `ftaudit scan` says what is missing"),
           incomplete;
  const std::vector<Baseline::Entry> gone = baseline.apply(document);
  baseline.prune(gone);
  if (!gone.empty())
    if (Status written = write_file(file, baseline.text()); !written.ok()) return log::error(written.message()), usage;
  std::printf("%s taken out; %s lists %zu\n", counted(gone.size(), "finding").c_str(), file.c_str(),
              baseline.entries().size());
  return 0;
}

}  // namespace

int baseline(const BaselineOptions& options, const Console& console) {
  using Action = BaselineOptions::Action;
  ScanOptions audit = options.audit;
  // What `write` and `prune` put out is the baseline.
  if (options.action != Action::check && !audit.output.empty()) {
    if (!audit.baseline.empty() && audit.baseline != audit.output)
      return log::error("-o and --baseline name two files, and only one is written"), usage;
    audit.baseline = audit.output;
  }
  if (audit.baseline.empty()) audit.baseline = usual_file;
  const Result<Selection> selection = selection_of(audit);
  if (!selection.ok()) return log::error(selection.message()), usage;
  const Result<std::vector<ReportTarget>> targets = report_targets(audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  Result<std::optional<Baseline>> known =
      options.action == Action::write ? Result(std::optional<Baseline>()) : baseline_of(audit);
  if (!known.ok()) return log::error(known.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  Selection all = *selection;
  // What is only below a threshold today is still there.
  if (options.action == Action::prune) all.min_severity = Severity::info, all.min_confidence = Confidence::possible;
  int code = 0;
  Result<AuditedPaths> audited = audit_paths(audit, all, *progress, code);
  if (!audited.ok()) return log::error(audited.message()), code;
  Document& document = audited->document;
  if (options.action == Action::write) return write(document, audit.baseline);
  if (options.action == Action::prune) return prune(std::move(**known), std::move(document), audit.baseline);

  const bool stale = apply_baseline(**known, audit.baseline, document) > 0;
  if (const int failed = write_reports(*targets, document, console)) return failed;
  const int found = exit_code(document, audit.fail_on);
  return found == 0 && stale ? 1 : found;
}

}  // namespace ftaudit::cli
