#include "adoption/scan_package.h"

#include <sstream>

#include "audit/audit_project.h"
#include "finding/rule.h"
#include "finding/verdict.h"
#include "packages/verdict/verdict.h"
#include "project/project.h"
#include "reports/json.h"

namespace ftaudit::adoption {

ScanSummary scan_package(const packages::Resolved& package, packages::Index* index, const packages::Target& target,
                         const std::string& reports) {
  constexpr std::uint64_t largest = 64u << 20;
  ScanSummary out;
  Result<ScratchFolder> scratch = ScratchFolder::make("scan");
  if (!scratch.ok()) return out.failed = scratch.message(), out;
  const Result<fs::path> source = packages::fetch_source(package, index, target, scratch->path(), largest);
  if (!source.ok()) return out.failed = source.message(), out;
  audit::Sources sources;
  sources.paths = {source->string()};
  sources.python = target.text();
  const std::unique_ptr<Progress> silent = make_progress(false);
  int code = 0;
  Result<audit::ParsedPaths> parsed = audit::parse_paths(sources, *silent, code);
  if (!parsed.ok()) {
    // Headers of another version serve where the target's own are not on this machine.
    sources.python.clear();
    parsed = audit::parse_paths(sources, *silent, code);
  }
  if (!parsed.ok()) return out.failed = parsed.message(), out;
  std::vector<RuleInfo> infos;
  for (const ListedRule& listed : all_rules()) infos.push_back(listed.rule->info);
  Result<Selection> selection = Selection::make(infos, {}, {});
  if (!selection.ok()) return out.failed = selection.message(), out;
  selection->min_severity = Severity::low, selection->min_confidence = Confidence::likely;
  for (audit::ParsedProject& project : parsed->projects) {
    if (project.project.units.empty()) return out.failed = project::why_empty(project.project), out;
    const std::optional<ScratchFolder> kept = std::move(project.project.unpacked);
    Document document = audit::audit_project(std::move(project), *selection, parsed->python.name);
    judge(document);
    const Counts counts = count(document);
    out.high += counts.of(Severity::high), out.medium += counts.of(Severity::medium),
        out.low += counts.of(Severity::low);
    out.files += counts.audited + counts.partial, out.skipped += counts.skipped;
    if (reports.empty()) continue;
    std::ostringstream text;
    reports::write_json(text, document);
    std::error_code wrong;
    fs::create_directories(reports, wrong);
    const fs::path file = fs::path(reports) / (package.key() + "-" + package.version + ".json");
    if (write_file(file, text.str()).ok()) out.report = file.string();
  }
  return out;
}

}  // namespace ftaudit::adoption
