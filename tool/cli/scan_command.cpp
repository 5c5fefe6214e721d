#include "cli/scan_command.h"

#include <fstream>
#include <iostream>
#include <sstream>

#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/audit_project.h"
#include "cli/mending.h"
#include "finding/rule.h"
#include "finding/verdict.h"
#include "model/join.h"
#include "model/print.h"
#include "reports/formats.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;

struct Target {
  const reports::Format* format;
  std::string file;  // "": stdout
};

Result<std::vector<Target>> targets(const ScanOptions& options) {
  std::vector<Target> out{{reports::format_named(options.format), options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    const reports::Format* format = reports::format_named(std::string_view(report).substr(0, colon));
    if (colon == std::string::npos || colon + 1 == report.size() || format == nullptr) return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of " + reports::format_names()};
    out.push_back({format, report.substr(colon + 1)});
  }
  return out;
}

// Where the project lies in the repository that it is part of; "" where it is the top, or in none.
std::string folder_in_repository(const fs::path& root) {
  for (fs::path top = root; !top.empty(); top = top.parent_path()) {
    std::error_code ignored;
    if (fs::exists(top / ".git", ignored)) {
      const std::string folder = top == root ? "" : shown_path(root, top);
      return folder.empty() || folder == "." ? "" : folder + "/";
    }
    if (top == top.parent_path()) break;
  }
  return "";
}

reports::Surroundings surroundings(const Document& document, const Console& console) {
  const fs::path root = document.root;
  return {.source = [root](const std::string& file) -> std::optional<std::string> {
            auto text = read_file(root / file);
            return text.ok() ? std::optional(std::move(*text)) : std::nullopt;
          },
          .rules = all_rules(),
          .folder = folder_in_repository(root),
          .colour = console.colour,
          .width = console.width,
          .verbose = console.verbosity > 0};
}

// Several projects in one run: paths from the folder they share.
Document joined(std::vector<Document> documents) {
  if (documents.size() == 1) return std::move(documents[0]);
  fs::path common = documents[0].root;
  for (const Document& document : documents)
    while (shown_path(document.root, common).starts_with("/")) common = common.parent_path();
  Document out;
  out.tool_version = documents[0].tool_version, out.python = documents[0].python, out.root = common.string();
  for (Document& document : documents) {
    const auto moved = [&](std::string& file) {
      if (!file.starts_with("/")) file = shown_path(fs::path(document.root) / file, common);
    };
    for (Finding& finding : document.findings) {
      moved(finding.location.file);
      for (ftaudit::Step& step : finding.trace) moved(step.location.file);
      for (Fix& fix : finding.fixes) moved(fix.range.file);
      out.findings.push_back(std::move(finding));
    }
    for (AnalysedFile& file : document.analysed) moved(file.file), out.analysed.push_back(std::move(file));
    for (SkippedFile& file : document.skipped) moved(file.file), out.skipped.push_back(std::move(file));
    for (ModuleReport& module : document.modules) {
      moved(module.location.file);
      for (std::string& file : module.files) moved(file);
      out.modules.push_back(std::move(module));
    }
    for (const RuleTally& tally : document.rules) {
      const auto known = std::find_if(out.rules.begin(), out.rules.end(), [&](const RuleTally& r) { return r.rule == tally.rule; });
      if (known == out.rules.end()) out.rules.push_back(tally);
      else known->sites += tally.sites;
    }
    out.notes.insert(out.notes.end(), document.notes.begin(), document.notes.end());
    out.hidden.allowed += document.hidden.allowed, out.hidden.ignored += document.hidden.ignored;
    out.hidden.below_severity += document.hidden.below_severity, out.hidden.below_confidence += document.hidden.below_confidence;
    out.rules_left_out = document.rules_left_out;
    out.functions += document.functions;
  }
  judge(out);
  return out;
}

struct Audited {
  Document document;
  // Archives are unpacked into folders that live as long as their project: sources are still shown from there.
  std::vector<ScratchFolder> unpacked;
};

// 0, or the exit code that says why there is no document; then the reason is logged.
int audit(const ScanOptions& options, const Selection& selection, Progress& progress, Audited& out) {
  std::vector<std::string> build;
  if (!options.build.empty()) build = {"/bin/sh", "-c", options.build[0]};
  int code = 0;
  Result<ParsedPaths> parsed = parse_paths(options.parse, options.capture, build, progress, code);
  if (!parsed.ok()) return log::error(parsed.message()), code;
  std::vector<Document> documents;
  for (ParsedProject& project : parsed->projects) {
    if (project.project.units.empty()) log::error(project::why_empty(project.project));
    if (project.project.unpacked) out.unpacked.push_back(std::move(*project.project.unpacked));
    documents.push_back(audit_project(std::move(project), selection, parsed->python.name, options.fix_compat == "guard" ? Spelling::guarded : Spelling::plain));
  }
  out.document = joined(std::move(documents));
  return 0;
}

}  // namespace

int scan(const ScanOptions& options, const Console& console) {
  std::vector<RuleInfo> infos;
  for (const ListedRule& listed : all_rules()) infos.push_back(listed.rule->info);
  Result<Selection> selection = Selection::make(infos, options.select, options.ignore);
  if (!selection.ok()) return log::error(selection.message()), usage;
  selection->min_severity = options.min_severity;
  selection->min_confidence = options.min_confidence;
  Result<std::vector<Target>> wanted = targets(options);
  if (!wanted.ok()) return log::error(wanted.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  if (options.capture) log::warning("--capture runs the project's own build");
  Audited audited;
  if (const int code = audit(options, *selection, *progress, audited); code != 0) return code;
  if (options.diff) {
    stand_still_if_interrupted();
    if (Status shown = show_edits(std::cout, audited.document, options.fix_compat == "pythoncapi-compat"); !shown.ok()) return log::error(shown.message()), usage;
    return exit_code(audited.document, options.fail_on);
  }
  if (options.fix) {
    if (!audited.unpacked.empty()) return log::error("--fix edits files, and what was given is an archive"), usage;
    Audited second;
    const Result<Mended> mended = mend(audited.document, options.fix_compat == "pythoncapi-compat", [&]() -> Result<Document> {
      if (const int code = audit(options, *selection, *progress, second); code != 0) return Error{"the second audit failed"};
      return second.document;
    });
    if (!mended.ok()) return log::error(mended.message()), usage;
    if (console.verbosity >= 0) std::cerr << "ftaudit: " << (mended->findings == 0 ? "no finding has a mechanical edit" : counted(mended->findings, "finding") + " mended in " + counted(mended->files, "file")) << "\n";
    if (mended->findings > 0) audited = std::move(second);
  }
  const Document& document = audited.document;
  reports::Surroundings around = surroundings(document, console);
  for (const Target& target : *wanted) {
    around.colour = target.file.empty() && console.colour;
    if (target.file.empty()) {
      stand_still_if_interrupted();
      target.format->write(std::cout, document, around);
      std::cout.flush();
      if (!std::cout) return log::error("cannot write the report to standard output"), incomplete;
      continue;
    }
    std::ostringstream text;
    target.format->write(text, document, around);
    if (Status written = write_file(target.file, text.str()); !written.ok()) return log::error(written.message()), usage;
  }
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
