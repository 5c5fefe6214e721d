#include "cli/auditing.h"

#include <algorithm>
#include <ctime>

#include "base/interruption.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/shell.h"
#include "base/text.h"
#include "cli/audit_project.h"
#include "cli/lock_wrappers.h"
#include "finding/rule.h"
#include "finding/verdict.h"
#include "frontend/command_line.h"

namespace ftaudit::cli {
namespace {

std::vector<RuleInfo> rule_infos() {
  std::vector<RuleInfo> out;
  for (const ListedRule& listed : all_rules()) out.push_back(listed.rule->info);
  return out;
}

// All that a document is made from, as one text; "" when the facts of a unit are not known yet. `units`: their names in
// the cache, in order. `day`: today, where allowances end some day, else "".
std::string document_key(const project::Project& project, const std::vector<std::string>& units,
                         const Selection& selection, const std::string& python, const std::string& day) {
  std::string out;
  const auto add = [&](const std::string& text) { out.append(text).push_back('\0'); };
  add(python), add(selection.text()), add(day);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].empty()) return "";
    add(units[i]), add(shown_path(project.units[i].file, project.root));
    for (const std::string& module : project.units[i].modules) add(module);
  }
  for (const project::Skip& skip : project.skipped)
    add("skip"), add(shown_path(skip.file, project.root)), add(skip.reason), add(skip.asked ? "1" : "0");
  for (const std::string& note : project.notes) add("note"), add(note);
  for (const project::LimitedApi& token : project.limited_api) {
    const auto digest = sha256_of_file(token.file);
    add("limited"), add(shown_path(token.file, project.root)), add(std::to_string(token.line)), add(token.what),
        add(token.unless_free_threaded ? "1" : "0"), add(digest.ok() ? *digest : "");
  }
  return out;
}

bool depends_on_day(const std::vector<frontend::Parsed>& units) {
  return std::any_of(units.begin(), units.end(), [](const frontend::Parsed& unit) {
    return std::any_of(unit.facts.allowances.begin(), unit.facts.allowances.end(), [](const model::Allowance& comment) {
      return comment.text.find("until=") != std::string::npos;
    });
  });
}

}  // namespace

Result<Selection> selection_of(const ScanOptions& options) {
  const std::vector<RuleInfo> infos = rule_infos();
  Result<Selection> selection = Selection::make(infos, options.select, options.ignore);
  if (!selection.ok()) return selection;
  for (const auto& [selector, severity] : options.severities)
    if (Status set = selection->set_severity(infos, selector, severity); !set.ok()) return set.error();
  selection->min_severity = options.min_severity;
  selection->min_confidence = options.min_confidence;
  return selection;
}

std::vector<std::string> build_command(const ScanOptions& options) {
  return options.build.empty() ? std::vector<std::string>()
                               : std::vector<std::string>{"/bin/sh", "-c", options.build[0]};
}

Result<std::optional<Store>> store_of(const ParseOptions& options) {
  if (options.no_cache) return std::optional<Store>();
  Result<Store> store = user_store();
  if (!store.ok()) return store.error();
  return std::optional(std::move(*store));
}

Document audit_located(project::Project project, const Reading& reading, const Selection& selection, AuditCache& cache,
                       Progress& progress, std::optional<Spelling> edits) {
  frontend::Settings settings = reading.settings;
  settings.root = project.root;
  for (const project::Unit& unit : project.units)
    log::debug(shown_path(unit.file, project.root) + " reads as: cd " + shell_line({unit.folder.string()}) + " && " +
               shell_line(frontend::command_line(unit, settings)));
  std::vector<std::string> keys;
  if (cache.facts() != nullptr)
    for (const project::Unit& unit : project.units) keys.push_back(cache.facts()->find(unit, settings).value_or(""));
  if (!keys.empty() && !edits)
    for (const std::string& day : {std::string(), today()})
      if (const std::string key = document_key(project, keys, selection, reading.python.name, day); !key.empty())
        if (auto known = cache.find(key)) {
          known->root = project.root.string();
          return std::move(*known);
        }
  const std::vector<project::Unit> units = project.units;
  ParsedProject parsed = parse_project(std::move(project), settings, cache.facts(), progress);
  keys.clear();
  for (const frontend::Parsed& unit : parsed.units) keys.push_back(unit.key);
  const std::string key = keys.empty() || edits ? ""
                                                : document_key(parsed.project, keys, selection, reading.python.name,
                                                               depends_on_day(parsed.units) ? today() : "");
  Document document =
      audit_project(std::move(parsed), selection, reading.python.name, edits.value_or(Spelling::guarded));
  // Sources are read once more while they are judged: what was saved meanwhile must not be kept under the name of what
  // was parsed.
  if (!key.empty() && cache.still_hold(units, settings, keys)) cache.keep(key, document);
  return document;
}

Result<AuditedPaths> audit_paths(const ScanOptions& options, const Selection& selection, Progress& progress,
                                 int& code) {
  code = 2;
  if (options.capture) log::warning("--capture runs the project's own build");
  Result<std::vector<project::Project>> projects =
      find_projects(options.parse, options.capture, build_command(options), progress);
  if (!projects.ok()) return projects.error();
  Result<Reading> reading = choose_reading(options.parse, code);
  if (!reading.ok()) return reading.error();
  code = 2;
  Result<std::optional<Store>> store = store_of(options.parse);
  if (!store.ok()) return store.error();
  AuditCache cache(std::move(*store), wrapper_text(options.parse.lock_wrappers));

  std::optional<Spelling> edits;
  if (options.fix || options.diff) edits = options.fix_compat == "guard" ? Spelling::guarded : Spelling::plain;
  AuditedPaths out;
  std::vector<Document> documents;
  for (project::Project& project : *projects) {
    if (project.units.empty()) log::error(project::why_empty(project));
    out.kept.push_back(std::move(project.unpacked));
    const Reading own = reading_for(project, *reading, options.parse);
    documents.push_back(audit_located(std::move(project), own, selection, cache, progress, edits));
  }
  std::error_code unknown;
  out.document = joined(std::move(documents), options.shards > 0 ? fs::current_path(unknown) : fs::path());
  return out;
}

Result<std::optional<Baseline>> baseline_of(const ScanOptions& options) {
  if (options.baseline.empty()) return std::optional<Baseline>();
  const auto text = read_file(options.baseline, 256u << 20);
  if (!text.ok()) return Error{text.message() + "; `ftaudit baseline write` makes a baseline"};
  Result<Baseline> read = Baseline::parse(*text);
  if (!read.ok()) return Error{options.baseline + ": " + read.message()};
  return std::optional(std::move(*read));
}

std::size_t apply_baseline(const Baseline& baseline, const std::string& file, Document& document) {
  const std::size_t gone = baseline.apply(document).size();
  if (gone > 0)
    document.notes.push_back(file + " lists " + counted(gone, "finding") + " that " + (gone == 1 ? "is" : "are") +
                             " not here any more; `ftaudit baseline prune` takes " + (gone == 1 ? "it" : "them") +
                             " out");
  judge(document);
  return gone;
}

Document joined(std::vector<Document> documents, fs::path common) {
  if (documents.empty()) return {};
  if (documents.size() == 1 && common.empty()) return std::move(documents[0]);
  if (common.empty()) common = documents[0].root;
  for (const Document& document : documents)
    while (shown_path(document.root, common).starts_with("/")) common = common.parent_path();
  Document out;
  out.tool_version = documents[0].tool_version, out.python = documents[0].python, out.root = common.string();
  for (Document& document : documents) {
    if (document.against && !out.against) out.against.emplace();
    const auto moved = [&](std::string& file) {
      if (!file.empty() && !file.starts_with("/")) file = shown_path(fs::path(document.root) / file, common);
    };
    const auto moved_finding = [&](Finding& finding) {
      moved(finding.location.file);
      for (ftaudit::Step& step : finding.trace) moved(step.location.file);
      for (Fix& fix : finding.fixes) moved(fix.range.file);
    };
    for (Finding& finding : document.findings) moved_finding(finding), out.findings.push_back(std::move(finding));
    for (HeldBack& held : document.held_back)
      moved_finding(held.finding), out.hold_back(std::move(held.finding), held.why);
    for (AnalysedFile& file : document.analysed) moved(file.file), out.analysed.push_back(std::move(file));
    for (SkippedFile& file : document.skipped) moved(file.file), out.skipped.push_back(std::move(file));
    for (ModuleReport& module : document.modules) {
      moved(module.location.file);
      for (std::string& file : module.files) moved(file);
      out.modules.push_back(std::move(module));
    }
    for (const RuleTally& tally : document.rules) {
      const auto known =
          std::find_if(out.rules.begin(), out.rules.end(), [&](const RuleTally& r) { return r.rule == tally.rule; });
      if (known == out.rules.end()) out.rules.push_back(tally);
      else known->sites += tally.sites;
    }
    out.notes.insert(out.notes.end(), document.notes.begin(), document.notes.end());
    out.rules_left_out = document.rules_left_out;
    out.functions += document.functions;
  }
  // The same whatever the order of the projects was, and however they were shared out.
  std::stable_sort(out.analysed.begin(), out.analysed.end(),
                   [](const AnalysedFile& a, const AnalysedFile& b) { return a.file < b.file; });
  std::stable_sort(out.skipped.begin(), out.skipped.end(),
                   [](const SkippedFile& a, const SkippedFile& b) { return a.file < b.file; });
  std::stable_sort(out.modules.begin(), out.modules.end(), [](const ModuleReport& a, const ModuleReport& b) {
    return std::tie(a.name, a.location) < std::tie(b.name, b.location);
  });
  std::stable_sort(out.rules.begin(), out.rules.end(),
                   [](const RuleTally& a, const RuleTally& b) { return a.rule < b.rule; });
  judge(out);
  return out;
}

}  // namespace ftaudit::cli
