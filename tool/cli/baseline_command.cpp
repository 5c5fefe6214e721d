#include "cli/command.h"

#include <cstdio>

#include "audit/audit.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/report_targets.h"
#include "finding/verdict.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete, exit_with::usage;

struct BaselineOptions {
  enum class Action : std::uint8_t { write, check, prune };
  ScanOptions audit;
  Action action = Action::check;
};
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
  const Result<Selection> selection = audit::selection_of(audit);
  if (!selection.ok()) return log::error(selection.message()), usage;
  const Result<std::vector<ReportTarget>> targets = report_targets(audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  Result<std::optional<Baseline>> known =
      options.action == Action::write ? Result(std::optional<Baseline>()) : audit::baseline_of(audit.baseline);
  if (!known.ok()) return log::error(known.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  Selection all = *selection;
  // What is only below a threshold today is still there.
  if (options.action == Action::prune) all.min_severity = Severity::info, all.min_confidence = Confidence::possible;
  int code = 0;
  Result<audit::AuditedPaths> audited = audit::audit_paths(audit.parse, all, {}, *progress, code);
  if (!audited.ok()) return log::error(audited.message()), code;
  Document& document = audited->document;
  if (options.action == Action::write) return write(document, audit.baseline);
  if (options.action == Action::prune) return prune(std::move(**known), std::move(document), audit.baseline);

  const bool stale = audit::apply_baseline(**known, audit.baseline, document) > 0;
  if (const int failed = write_reports(*targets, document, console)) return failed;
  const int found = exit_code(document, audit.fail_on);
  return found == 0 && stale ? 1 : found;
}

}  // namespace

void add_baseline(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  using Action = BaselineOptions::Action;
  const auto options = std::make_shared<BaselineOptions>(BaselineOptions{.audit = defaults});
  Arguments group = program.command("baseline", "A file of known findings: write, check, prune");
  group.needs_command();
  const auto add = [&](const char* name, const char* about, Action action) {
    Arguments command = group.command(name, about);
    add_parse_options(command, options->audit.parse);
    add_report_options(command, options->audit);
    command.footer(std::string("Example: ftaudit baseline ") + name + " . --baseline ftaudit-baseline.txt");
    command.when_chosen([=] {
      options->action = action;
      choose({.run = [options](const Console& console) { return baseline(*options, console); },
              .parse = &options->audit.parse,
              .audit = &options->audit,
              .needs_path = true});
    });
  };
  add("write", "Write down what scan finds now, anew", Action::write);
  add("check", "Say what is found beyond the file, and what it lists in vain", Action::check);
  add("prune", "Take out of the file what is not found any more", Action::prune);
}

}  // namespace ftaudit::cli
