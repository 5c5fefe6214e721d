#include "audit/audit_project.h"

#include <algorithm>
#include <ctime>
#include <map>
#include <set>

#include "analysis/audit.h"
#include "analysis/bases.h"
#include "analysis/switches.h"
#include "audit/belonging.h"
#include "audit/cython_findings.h"
#include "audit/linked_modules.h"
#include "audit/macro_findings.h"
#include "audit/source_texts.h"
#include "audit/types.h"
#include "audit/unread_callers.h"
#include "base/sandbox.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cython/retelling.h"
#include "finding/allowances.h"
#include "finding/report.h"
#include "finding/rule.h"
#include "finding/sides.h"
#include "finding/verdict.h"
#include "model/generated.h"
#include "model/join.h"
#include "project/system_headers.h"
#include "python/header_package.h"
#include "rules/allowances.h"

namespace ftaudit::audit {
namespace {

Gil gil_of(analysis::Declares declares) {
  switch (declares) {
    case analysis::Declares::not_used: return Gil::not_used;
    case analysis::Declares::used: return Gil::used;
    case analysis::Declares::missing: return Gil::missing;
    case analysis::Declares::unknown: return Gil::unknown;
  }
  return Gil::unknown;
}

std::string style_of(const analysis::Module& module) {
  using Style = analysis::Module::Style;
  if (module.system != "C API") return to_lower(module.system);
  return module.style == Style::multi_phase    ? "multi-phase"
         : module.style == Style::single_phase ? "single-phase"
         : module.style == Style::export_hook  ? "export-hook"
                                               : "unknown";
}

// A header compiled under several sets of macros says the same thing once. Expects report order.
void merge_repeated(std::vector<Finding>& findings) {
  std::vector<Finding> out;
  for (Finding& finding : findings) {
    if (out.empty() || out.back().rule != finding.rule || out.back().location != finding.location ||
        out.back().what != finding.what) {
      out.push_back(std::move(finding));
      continue;
    }
    std::set<std::string> entries(out.back().entry_points.begin(), out.back().entry_points.end());
    entries.insert(finding.entry_points.begin(), finding.entry_points.end());
    out.back().entry_points.assign(entries.begin(), entries.end());
    std::set<std::string> modules(out.back().modules.begin(), out.back().modules.end());
    modules.insert(finding.modules.begin(), finding.modules.end());
    out.back().modules.assign(modules.begin(), modules.end());
    unite(out.back().sides, finding.sides);
    out.back().severity = std::max(out.back().severity, finding.severity);
    out.back().confidence = std::max(out.back().confidence, finding.confidence);
  }
  findings = std::move(out);
}

std::string missing_text(const std::vector<std::string>& headers) {
  std::string out = headers.size() == 1 ? "missing header " : "missing headers ";
  for (std::size_t i = 0; i < headers.size() && i < 3; ++i) out += (i == 0 ? "" : ", ") + headers[i];
  if (headers.size() > 3) out += " and " + std::to_string(headers.size() - 3) + " more";
  for (const std::string& header : headers)
    if (const std::string package = python::package_of_header(header); !package.empty())
      return out + "; `ftaudit headers install " + package + "` fetches it";
  for (const std::string& header : headers)
    if (const std::string_view package = project::debian_package_of(header); !package.empty())
      return out + "; Debian's package " + std::string(package) + " has it, and until it is there findings are missing";
  return out + "; uses of what is declared there were not judged";
}

void describe_files(Document& document, const model::Facts& facts, const std::vector<frontend::Parsed>& units,
                    const std::map<std::string, std::string>& made_from) {
  std::set<std::tuple<model::FileId, std::uint32_t, std::uint32_t>> definitions;
  for (const model::Function& function : facts.functions)
    if (!function.is_implicit && !function.is_support)
      definitions.emplace(function.name_span.file, function.name_span.line, function.name_span.column);
  document.functions = definitions.size();
  for (std::size_t i = 0; i < units.size(); ++i) {
    const model::Facts& own = units[i].facts;
    const model::Unit& unit = own.units[0];
    const auto source = made_from.find(own.files[unit.file]);
    const std::string& file = source == made_from.end() ? own.files[unit.file] : source->second;
    if (units[i].failed) {
      document.skipped.push_back(
          {file, own.omissions.empty() ? "could not be read" : own.omissions.back().reason, true});
      continue;
    }
    AnalysedFile analysed{
        .file = file, .functions = static_cast<std::uint32_t>(unit.functions.size()), .errors = unit.errors};
    analysed.partial = unit.errors > 0;
    if (!unit.missing_headers.empty()) analysed.reason = missing_text(unit.missing_headers);
    else if (unit.errors > 0) analysed.reason = counted(unit.errors, "error") + "; the first: " + unit.first_error;
    document.analysed.push_back(std::move(analysed));
  }
}

// A header is read whole when every unit is.
bool read_whole(const Document& document, const std::string& file) {
  const auto at = std::find_if(document.analysed.begin(), document.analysed.end(),
                               [&](const AnalysedFile& analysed) { return analysed.file == file; });
  if (at != document.analysed.end()) return !at->partial;
  return std::none_of(document.analysed.begin(), document.analysed.end(),
                      [](const AnalysedFile& analysed) { return analysed.partial; });
}

// Gives the name of each of the analysis' modules, in its order.
std::vector<std::string> describe_modules(Document& document, const analysis::Audit& audit,
                                          const project::Project& project, const cython::Retold& retold) {
  std::vector<std::string> names, shown;  // the units' sources
  for (const project::Unit& unit : project.units)
    shown.push_back(shown_path(unit.made_from.empty() ? unit.file : unit.made_from.front(), project.root));
  for (const analysis::Module& module : audit.modules()) {
    ModuleReport report{.name = module.name,
                        .init = module.init,
                        .style = style_of(module),
                        .gil = gil_of(module.gil),
                        .unread = module.unread,
                        .location = audit.location(module.span)};
    const std::string_view file = report.location.file;
    // The package a module lies in is known to the build description, and else to Cython, which looks at the folders.
    const auto take = [&](const std::string& name) {
      if (name.ends_with("." + module.name)) report.name = name;
    };
    for (const cython::Module& made : retold.modules)
      if (made.source == file || made.c_file == file) take(made.name);
    for (std::size_t i = 0; i < shown.size(); ++i)
      if (shown[i] == file) std::ranges::for_each(project.units[i].modules, take);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const project::Unit& unit = project.units[i];
      if (std::ranges::find(unit.modules, report.name) != unit.modules.end() ||
          (!unit.made_from.empty() && shown[i] == file))
        report.files.push_back(shown[i]);
    }
    names.push_back(report.name);
    document.modules.push_back(std::move(report));
  }
  std::stable_sort(document.modules.begin(), document.modules.end(), [](const ModuleReport& a, const ModuleReport& b) {
    return std::tie(a.name, a.location) < std::tie(b.name, b.location);
  });
  return names;
}

// What of a file was read otherwise than it says, or not understood; files with the same words are told together.
void tell_omissions(Document& document, const std::vector<frontend::Parsed>& units) {
  std::map<std::string, std::set<std::string>> files;
  for (const frontend::Parsed& unit : units)
    if (!unit.failed)
      for (const model::Omission& omission : unit.facts.omissions)
        files[omission.reason].insert(unit.facts.files[omission.file]);
  for (const auto& [reason, in] : files)
    document.notes.push_back(*in.begin() + (in.size() > 1 ? " and " + counted(in.size() - 1, "more file") : "") + ": " +
                             reason);
}

// A finding whose edits cannot all be fitted keeps none.
void fit_fixes(Document& document, const model::Facts& facts, Spelling spelling) {
  struct File {
    std::optional<std::string> text;
    std::string sha256;
  };
  std::map<std::string, File> files;
  std::map<std::string, std::set<std::string>> parsed;
  for (const model::Source& source : facts.sources) parsed[facts.files[source.file]].insert(source.sha256);
  const auto file_of = [&](const std::string& name) -> const File& {
    const auto [known, fresh] = files.try_emplace(name);
    if (!fresh) return known->second;
    if (auto text = read_file(fs::path(document.root) / name); text.ok()) {
      known->second.sha256 = sha256(*text);
      // Read twice with two contents, or changed since: nothing that was found out holds for it.
      if (parsed[name] == std::set{known->second.sha256}) known->second.text = std::move(*text);
    }
    return known->second;
  };
  for (Finding& finding : document.findings) {
    std::vector<Fix> all;
    for (const Fix& fix : finding.fixes) {
      const File& file = file_of(fix.range.file);
      Result<Fix> made = file.text ? fitted(fix, *file.text, spelling) : Result<Fix>(Error{"changed"});
      if (!made.ok()) break;
      made->of = file.sha256;
      all.push_back(std::move(*made));
    }
    if (all.size() != finding.fixes.size()) all.clear();
    finding.fixes = std::move(all);
  }
}

}  // namespace

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &local);
  return text;
}

JoinedProject join_project(ParsedProject parsed) {
  JoinedProject out{.parsed = std::move(parsed)};
  const project::Project& project = out.parsed.project;
  std::vector<model::Facts> units;
  for (const frontend::Parsed& unit : out.parsed.units)
    if (!unit.failed) units.push_back(unit.facts);
  out.facts = model::join(std::move(units));
  for (const project::Unit& unit : project.units)
    if (!unit.made_from.empty())
      out.made_from.emplace(shown_path(unit.file, project.root), shown_path(unit.made_from.front(), project.root));
  model::mark_generated(out.facts);
  out.retold = cython::retell(out.facts, project.root, out.made_from, project.expanded);
  analysis::name_bases(out.facts);
  analysis::settle_branches(out.facts, out.parsed.locks);
  return out;
}

analysis::Build build_of(const ParsedProject& parsed, const Selection& selection) {
  const project::Project& project = parsed.project;
  analysis::Build build;
  build.locks = parsed.locks;
  build.linked_into_others = linked_into_others(parsed);
  for (const project::LimitedApi& token : project.limited_api)
    build.limited_api.push_back(
        {{.file = shown_path(token.file, project.root), .line = token.line}, token.what, token.unless_free_threaded});
  for (const auto& [name, contract] : selection.types)
    if (const auto known = analysis::contract_named(contract)) build.contracts[name] = *known;
  for (const project::Project::OldC& old : project.old_c)
    build.old_c.push_back(
        {{.file = shown_path(old.source, project.root), .line = 1, .column = 1, .end_line = 1, .end_column = 1},
         shown_path(old.file, project.root),
         old.version});
  return build;
}

Document audit_project(ParsedProject parsed, const Selection& selection, const std::string& python, Spelling spelling,
                       const Adding& also) {
  const JoinedProject joined = join_project(std::move(parsed));
  const analysis::Audit audit(joined.facts, build_of(joined.parsed, selection));
  Document out = judge_project(joined, audit, selection, python, spelling);
  if (also) also(joined, audit, out);
  return out;
}

std::vector<TypeReport> types_of(const JoinedProject& joined, const analysis::Audit& audit) {
  return type_reports(audit, joined.retold);
}

Document judge_project(const JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
                       const std::string& python, Spelling spelling) {
  Document out = judge_supposed(joined, audit, selection, python);
  out.types = types_of(joined, audit);
  note_unknown_types(out, audit);
  fit_fixes(out, audit.facts(), spelling);
  return out;
}

Document judge_supposed(const JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
                        const std::string& python) {
  const ParsedProject& parsed = joined.parsed;
  const project::Project& project = parsed.project;
  const model::Facts& facts = audit.facts();
  const cython::Retold& retold = joined.retold;
  Document document;
  document.tool_version = FTAUDIT_VERSION;
  document.sandbox = sandbox::confinement();
  document.python = python;
  document.root = project.root.string();
  document.notes = project.notes;
  describe_files(document, facts, parsed.units, joined.made_from);
  for (const project::Skip& skip : project.skipped)
    document.skipped.push_back({shown_path(skip.file, project.root), skip.reason, skip.asked});

  const Belonging belonging(audit, describe_modules(document, audit, project, retold), document, parsed.units);
  tell_omissions(document, parsed.units);

  std::vector<RuleInfo> infos;
  for (const ListedRule& listed : all_rules()) {
    infos.push_back(listed.rule->info);
    if (listed.rule->check == nullptr) continue;  // only a run can see it
    if (!selection.runs(listed.rule->info.id)) {
      ++document.rules_left_out;
      continue;
    }
    Report report(listed.rule->info);
    listed.rule->check(audit, report);
    std::move(report).hand_over(document);
  }

  const UnreadCallers unread(audit, project);
  SourceTexts texts(project.root);
  const auto place = [&](std::vector<Finding>& findings) {
    tell_in_cython(findings, retold, [&](const Location& where) { return texts.text(where); });
    const auto read = [&](Finding& f) { f.guilty_text = texts.text(f.location), f.around = texts.around(f.location); };
    for (Finding& finding : findings) {
      read(finding), belonging.settle(finding), unread.settle(finding);
      unite(finding.sides, std::exchange(finding.sides, {}));  // split by its switches, a function is one side
    }
    if (tell_macros_once(findings))
      for (Finding& finding : findings)
        if (finding.said && finding.location == *finding.said) read(finding);
    for (Finding& finding : findings)
      for (Side& side : finding.sides)
        for (Side::Point& point : side.points) point.text = texts.text(point.location);
    std::sort(findings.begin(), findings.end(), before);
    merge_repeated(findings);
    fingerprint(findings);
  };
  place(document.findings);

  Allowances allowances(rules::allowances_of(facts), infos, today());
  document.allowances = allowances.size();
  allowances.apply(document);
  Document concluded;
  for (const ListedRule& listed : all_rules()) {
    if (listed.rule->conclude == nullptr || !selection.runs(listed.rule->info.id)) continue;
    document.allowance_troubles =
        allowances.troubles([&](std::string_view rule) { return selection.runs(rule); },
                            [&](const std::string& file) { return read_whole(document, file); });
    Report report(listed.rule->info);
    listed.rule->conclude(audit, document, report);
    Document own;
    std::move(report).hand_over(own);
    place(own.findings);
    allowances.apply(own);
    for (HeldBack& allowed : own.held_back) document.hold_back(std::move(allowed.finding), allowed.why);
    concluded.findings.insert(concluded.findings.end(), own.findings.begin(), own.findings.end());
  }
  document.allowance_troubles.clear();
  raise_where_promised(document);
  document.findings.insert(document.findings.end(), concluded.findings.begin(), concluded.findings.end());
  withhold_declarations(document);
  selection.apply(document);
  judge(document);
  return document;
}

}  // namespace ftaudit::audit
