#include "cli/merge_command.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "cli/auditing.h"
#include "cli/report_targets.h"
#include "finding/verdict.h"
#include "reports/json_reader.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2;

// What two reports say alike is said once: shards that overlap, a file that two projects compile.
template <class T, class Key> void once(std::vector<T>& all, Key key) {
  std::set<std::string> seen;
  std::erase_if(all, [&](const T& one) { return !seen.insert(key(one)).second; });
}

void drop_repeated(Document& document) {
  once(document.findings, [](const Finding& f) {
    return f.fingerprint + f.location.file + ":" + std::to_string(f.location.line) + ":" +
           std::to_string(f.location.column) + f.what;
  });
  once(document.analysed, [](const AnalysedFile& f) { return f.file + '\0' + f.reason; });
  once(document.skipped, [](const SkippedFile& f) { return f.file + '\0' + f.reason; });
  once(document.modules, [](const ModuleReport& m) { return m.name + '\0' + m.location.file; });
  once(document.types, [](const TypeReport& t) { return t.name + '\0' + t.record; });
  once(document.notes, [](const std::string& note) { return note; });
}

}  // namespace

int merge(const MergeOptions& options, const Console& console) {
  const Result<std::vector<ReportTarget>> targets = report_targets(options.audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  const Result<Selection> selection = selection_of(options.audit);
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
  Document document = joined(std::move(documents), ".");
  document.root = fs::current_path().string();
  document.hidden = hidden;
  document.against = std::move(against);
  if (!pythons.empty()) document.python = *pythons.begin(), document.tool_version = *versions.begin();
  if (versions.size() > 1) document.notes.push_back("these reports are of different versions of ftaudit");
  if (pythons.size() > 1) document.notes.push_back("these reports are about different Pythons");
  drop_repeated(document);
  selection->apply(document);
  if (const auto baseline = baseline_of(options.audit); !baseline.ok()) return log::error(baseline.message()), usage;
  else if (*baseline) (*baseline)->apply(document);
  judge(document);
  if (const int failed = write_reports(*targets, document, console)) return failed;
  return exit_code(document, options.audit.fail_on);
}

}  // namespace ftaudit::cli
