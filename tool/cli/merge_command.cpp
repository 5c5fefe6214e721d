#include "cli/command.h"

#include <algorithm>
#include <set>

#include "adoption/joined.h"
#include "audit/audit.h"
#include "audit/joining.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "cli/adoption_targets.h"
#include "cli/audit_options.h"
#include "cli/report_targets.h"
#include "finding/verdict.h"
#include "reports/adoption_json.h"
#include "reports/json_reader.h"

namespace ftaudit::cli {
namespace {

using exit_with::usage;

struct MergeOptions {
  ScanOptions audit;  // its reports, severities to fail on and baseline
  std::vector<std::string> files;
};

// Reports of `ftaudit report`: packages of many applications.
int merge_adoption(const MergeOptions& options, const Console& console) {
  const Result<std::vector<ReportTarget>> targets = report_targets(options.audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  AdoptionOutput output{.format = std::string(targets->front().format->name), .output = targets->front().file};
  for (std::size_t i = 1; i < targets->size(); ++i)
    output.reports.push_back(std::string((*targets)[i].format->name) + ":" + (*targets)[i].file);
  const auto wanted = adoption_targets(output);
  if (!wanted.ok()) return log::error(wanted.message()), usage;
  std::vector<AdoptionReport> reports;
  for (const std::string& file : options.files) {
    const auto text = read_file(file);
    if (!text.ok()) return log::error(text.message()), usage;
    auto read = reports::read_adoption_report(*text);
    if (!read.ok()) return log::error(file + " is no report of ftaudit report: " + read.message()), usage;
    reports.push_back(std::move(*read));
  }
  const AdoptionReport whole = adoption::joined(std::move(reports));
  if (const int failed = write_adoption(*wanted, whole, console)) return failed;
  return exit_code(whole, options.audit.fail_on ? FailOn::gil : FailOn::never);
}

int merge(const MergeOptions& options, const Console& console) {
  if (const auto first = read_file(options.files.front()); first.ok() && reports::is_adoption_report(*first))
    return merge_adoption(options, console);
  const Result<std::vector<ReportTarget>> targets = report_targets(options.audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  const Result<Selection> selection = audit::selection_of(options.audit);
  if (!selection.ok()) return log::error(selection.message()), usage;
  std::vector<Document> documents;
  std::set<std::string> versions, pythons;
  std::optional<Comparison> against;
  for (const std::string& file : options.files) {
    const auto text = read_file(file);
    if (!text.ok()) return log::error(text.message()), usage;
    Result<Document> read = reports::read_json(*text);
    if (!read.ok()) return log::error(file + " is no report of ftaudit: " + read.message()), usage;
    if (!read->analysed.empty() || !read->python.empty())
      versions.insert(read->tool_version), pythons.insert(read->python);
    if (read->against) {
      if (!against) against.emplace().revision = read->against->revision;
      against->unchanged += read->against->unchanged;
      against->progress.insert(against->progress.end(), read->against->progress.begin(), read->against->progress.end());
      against->fixed.insert(against->fixed.end(), read->against->fixed.begin(), read->against->fixed.end());
    }
    read->root = ".";
    documents.push_back(std::move(*read));
  }
  // Counts of what was hidden are all that a report has of it.
  Document::Hidden hidden;
  for (const Document& document : documents)
    hidden.allowed += document.hidden.allowed, hidden.baseline += document.hidden.baseline,
        hidden.ignored += document.hidden.ignored, hidden.below_severity += document.hidden.below_severity,
        hidden.below_confidence += document.hidden.below_confidence;
  Document document = audit::joined(std::move(documents), ".");
  document.root = fs::current_path().string();
  document.hidden = hidden;
  document.against = std::move(against);
  if (!pythons.empty()) document.python = *pythons.begin(), document.tool_version = *versions.begin();
  if (versions.size() > 1) document.notes.push_back("these reports are of different versions of ftaudit");
  if (pythons.size() > 1) document.notes.push_back("these reports are about different Pythons");
  audit::drop_repeated(document);
  selection->apply(document);
  if (const auto baseline = audit::baseline_of(options.audit.baseline); !baseline.ok())
    return log::error(baseline.message()), usage;
  else if (*baseline) (*baseline)->apply(document);
  judge(document);
  if (const int failed = write_reports(*targets, document, console)) return failed;
  return exit_code(document, options.audit.fail_on);
}

}  // namespace

void add_merge(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto options = std::make_shared<MergeOptions>(MergeOptions{.audit = defaults});
  Arguments command = program.command("merge", "Join JSON reports of several runs into one");
  command.texts("FILE", options->files, "Reports that scan or report wrote, in JSON").required();
  add_report_options(command, options->audit);
  command.footer("Example: ftaudit merge shard-*.json --format json -o all.json");
  command.when_chosen([=] {
    choose({.run = [options](const Console& console) { return merge(*options, console); },
            .parse = &options->audit.parse,
            .audit = &options->audit});
  });
}

}  // namespace ftaudit::cli
