#include "audit/audit.h"

#include <algorithm>

#include "analysis/contract.h"
#include "audit/audit_project.h"
#include "audit/cython_sources.h"
#include "audit/joining.h"
#include "audit/unread_callers.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/sha256.h"
#include "base/shell.h"
#include "base/text.h"
#include "finding/rule.h"
#include "finding/verdict.h"
#include "frontend/command_line.h"

namespace ftaudit::audit {
namespace {

std::vector<RuleInfo> rule_infos() {
  std::vector<RuleInfo> out;
  for (const ListedRule& listed : all_rules()) out.push_back(listed.rule->info);
  return out;
}

// The files that the C of a unit was made from.
std::vector<fs::path> sources_of(const project::Unit& unit) {
  if (!unit.made_from.empty()) return unit.made_from;
  std::vector<fs::path> out;
  for (const char* suffix : {".pyx", ".py", ".pxd", ".pxi"})
    out.push_back(fs::path(unit.file).replace_extension(suffix));
  return out;
}

// All that a document is made from, as one text; "" when the facts of a unit are not known yet. `units`: their names in
// the cache, in order. `day`: today, where allowances end some day, else "".
std::string document_key(const project::Project& project, const std::vector<std::string>& units,
                         const Selection& selection, const std::string& python, const std::string& day,
                         const Making& making) {
  std::string out = making.also ? "added to" : "";
  const auto add = [&](const std::string& text) { out.append(text).push_back('\0'); };
  add(python), add(selection.text()), add(day);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].empty()) return "";
    add(units[i]), add(shown_path(project.units[i].file, project.root));
    for (const std::string& module : project.units[i].modules) add(module);
    // What is shown of it, and the comments in it.
    if (project.units[i].generated_by == project::Generator::cython)
      for (const fs::path& source : sources_of(project.units[i])) {
        const auto digest = sha256_of_file(source);
        add(shown_path(source, project.root)), add(digest.ok() ? *digest : "");
      }
  }
  for (const project::Skip& skip : project.skipped)
    add("skip"), add(shown_path(skip.file, project.root)), add(skip.reason), add(skip.asked ? "1" : "0");
  for (const fs::path& source : unread_sources(project)) {
    const auto digest = sha256_of_file(source);
    add("unread"), add(shown_path(source, project.root)), add(digest.ok() ? *digest : "");
  }
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

std::optional<std::string> contract_name(const std::string& words) {
  const auto known = analysis::contract_named(words);
  return known ? std::optional<std::string>(name_of(*known)) : std::nullopt;
}

Result<Selection> selection_of(const Terms& terms) {
  const std::vector<RuleInfo> infos = rule_infos();
  Result<Selection> selection = Selection::make(infos, terms.select, terms.ignore);
  if (!selection.ok()) return selection;
  for (const auto& [selector, severity] : terms.severities)
    if (Status set = selection->set_severity(infos, selector, severity); !set.ok()) return set.error();
  for (const auto& [name, contract] : terms.types) selection->types[name] = contract;
  selection->min_severity = terms.min_severity;
  selection->min_confidence = terms.min_confidence;
  return selection;
}

static frontend::Settings settle(project::Project& project, const Reading& reading, Progress& progress) {
  const bool waiting = !project.units.empty() || !project.cython.empty();
  translate_cython(project, reading.settings, progress);
  if (waiting && project.units.empty()) log::error(project::why_empty(project));
  frontend::Settings settings = reading.settings;
  settings.root = project.root;
  return settings;
}

ParsedProject parse_located(project::Project project, const Reading& reading, Cache& cache, Progress& progress) {
  const frontend::Settings settings = settle(project, reading, progress);
  return parse_project(std::move(project), settings, cache.facts(), progress);
}

Document audit_located(project::Project project, const Reading& reading, const Selection& selection, Cache& cache,
                       Progress& progress, const Making& making) {
  const frontend::Settings settings = settle(project, reading, progress);
  for (const project::Unit& unit : project.units)
    log::debug(shown_path(unit.file, project.root) + " reads as: cd " + shell_line({unit.folder.string()}) + " && " +
               shell_line(frontend::command_line(unit, settings)));
  std::vector<std::string> keys;
  if (cache.facts() != nullptr)
    for (const project::Unit& unit : project.units) keys.push_back(cache.facts()->find(unit, settings).value_or(""));
  if (!keys.empty() && !making.edits)
    for (const std::string& day : {std::string(), today()})
      if (const std::string key = document_key(project, keys, selection, reading.python.name, day, making);
          !key.empty())
        if (auto known = cache.find(key)) {
          known->root = project.root.string(), known->sandbox = sandbox::confinement();
          return std::move(*known);
        }
  const std::vector<project::Unit> units = project.units;
  ParsedProject parsed = parse_project(std::move(project), settings, cache.facts(), progress);
  keys.clear();
  for (const frontend::Parsed& unit : parsed.units) keys.push_back(unit.key);
  const std::string key = keys.empty() || making.edits
                              ? ""
                              : document_key(parsed.project, keys, selection, reading.python.name,
                                             depends_on_day(parsed.units) ? today() : "", making);
  Document document = audit_project(std::move(parsed), selection, reading.python.name,
                                    making.edits.value_or(Spelling::guarded), making.also);
  // Sources are read once more while they are judged: what was saved meanwhile must not be kept under the name of what
  // was parsed.
  if (!key.empty() && cache.still_hold(units, settings, keys)) cache.keep(key, document);
  return document;
}

Status each_project(const Sources& sources, Progress& progress, int& code,
                    const std::function<void(project::Project, const Reading&, Cache&)>& visit) {
  code = 2;
  if (sources.capture) log::warning("--capture runs the project's own build");
  Result<std::vector<project::Project>> projects = find_projects(sources, progress);
  if (!projects.ok()) return projects.error();
  Result<Reading> reading = choose_reading(sources, code);
  if (!reading.ok()) return reading.error();
  code = 2;
  const Result<std::unique_ptr<Cache>> cache = Cache::open(sources);
  if (!cache.ok()) return cache.error();
  for (project::Project& project : *projects) {
    if (project.units.empty() && project.cython.empty()) log::error(project::why_empty(project));
    const Reading own = reading_for(project, *reading, sources);
    visit(std::move(project), own, **cache);
  }
  return Done{};
}

Result<AuditedPaths> audit_paths(const Sources& sources, const Selection& selection, const Making& making,
                                 Progress& progress, int& code) {
  AuditedPaths out;
  std::vector<Document> documents;
  const Status done =
      each_project(sources, progress, code, [&](project::Project project, const Reading& reading, Cache& cache) {
        out.kept.push_back(std::move(project.unpacked));
        documents.push_back(audit_located(std::move(project), reading, selection, cache, progress, making));
      });
  if (!done.ok()) return done.error();
  out.document = joined(std::move(documents), making.common);
  return out;
}

Result<std::optional<Baseline>> baseline_of(const std::string& file) {
  if (file.empty()) return std::optional<Baseline>();
  const auto text = read_file(file, 256u << 20);
  if (!text.ok()) return Error{text.message() + "; `ftaudit baseline write` makes a baseline"};
  Result<Baseline> read = Baseline::parse(*text);
  if (!read.ok()) return Error{file + ": " + read.message()};
  return std::optional(std::move(*read));
}

std::size_t apply_baseline(const Baseline& baseline, const std::string& file, Document& document) {
  const std::size_t gone = baseline.apply(document).size();
  if (gone > 0)
    document.notes.push_back(file + " lists " + counted(gone, "finding") + " that " + (gone == 1 ? "is" : "are") +
                             " not here any more; `ftaudit baseline prune` takes " + (gone == 1 ? "it" : "them") +
                             " out");
  fit_plan(document);
  judge(document);
  return gone;
}

}  // namespace ftaudit::audit
