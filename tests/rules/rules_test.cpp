#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "audit/audit_project.h"
#include "base/text.h"
#include "cases.h"
#include "finding/rule.h"
#include "frontend/frontend.h"
#include "python/header_package.h"
#include "python/interpreter.h"

using namespace ftaudit;
using namespace ftaudit::tests;

namespace {

std::string lines_of(const std::set<unsigned>& lines) {
  std::string out;
  for (unsigned line : lines) out += (out.empty() ? "" : ",") + std::to_string(line);
  return out.empty() ? "none" : out;
}

// The lines that findings are placed at, and those they name besides: the places of their sides.
struct Lines {
  std::set<unsigned> placed, named;
  std::map<unsigned, std::string> severities;  // of those placed
  std::size_t locks = 0;
};

// However a lock is spelled ("self->guard", "other->guard"), it goes by the field of its struct. False where the
// spelling says nothing of a field.
bool goes_by_field(const Finding& finding) {
  const std::size_t arrow = finding.place.rfind("->");
  if (finding.category != Category::mutex_deadlock || arrow == std::string::npos ||
      finding.place.find_first_of(" ([,", arrow) != std::string::npos)
    return false;
  const std::string field = finding.place.substr(arrow + 2);
  REQUIRE_MESSAGE(!finding.locks.empty(), finding.rule, ": ", finding.what);
  CHECK_MESSAGE(finding.locks[0].ends_with("." + field), finding.locks[0], ": ", finding.what);
  return true;
}

// What a scan of this file alone would say of the rule, whatever is below a threshold. A rule that concludes from what
// others say needs them all.
Lines found_in(const project::Unit& unit, const frontend::Parsed& parsed, const Rule& rule) {
  std::vector<RuleInfo> infos;
  for (const ListedRule& listed : all_rules()) infos.push_back(listed.rule->info);
  std::vector<std::string> select;
  if (rule.conclude == nullptr) select.emplace_back(rule.info.id);
  Result<Selection> selection = Selection::make(infos, select, {});
  REQUIRE(selection.ok());
  selection->min_severity = Severity::info, selection->min_confidence = Confidence::possible;
  audit::ParsedProject project;
  project.project.root = unit.folder;
  project.project.units = {unit};
  project.units = {parsed};
  const Document document = audit::audit_project(std::move(project), *selection, "");
  Lines lines;
  for (const Finding& finding : document.findings) {
    if (finding.rule != rule.info.id) continue;
    lines.placed.insert(finding.location.line);
    lines.severities[finding.location.line] = name_of(finding.severity);
    lines.locks += goes_by_field(finding);
    for (const Side& side : finding.sides)
      for (const Side::Point& point : side.points) lines.named.insert(point.location.line);
  }
  return lines;
}

}  // namespace

TEST_CASE("every rule is whole: id, name, category, page, a hazard and a safe block") {
  std::string_view last;
  for (const ListedRule& listed : all_rules()) {
    const RuleInfo& info = listed.rule->info;
    CAPTURE(info.id);
    CHECK(last < info.id);
    last = info.id;
    CHECK(listed.page.starts_with("# " + std::string(info.id) + " " + std::string(info.name) + "\n"));
    CHECK_FALSE(info.summary.ends_with("."));
    if (listed.rule->check == nullptr) {
      // Only a run can see it: the page says what, why and what instead, and no scan can be held to it.
      for (const char* section : {"## What it finds", "## Why it matters", "## What to write instead", "## Limits"})
        CHECK(listed.page.find(section) != std::string_view::npos);
      CHECK(info.id.starts_with("FT9"));
      continue;
    }
    const std::vector<Case> blocks = cases_in_page(std::string(info.id), "page", std::string(listed.page));
    CHECK(std::any_of(blocks.begin(), blocks.end(), [](const Case& c) { return !c.safe && !c.expected.empty(); }));
    CHECK(std::any_of(blocks.begin(), blocks.end(), [](const Case& c) { return c.safe; }));
    for (const Case& block : blocks) CHECK_MESSAGE(block.safe == block.expected.empty(), block.name);
  }
}

TEST_CASE("rule pages and cases: findings on the marked lines, and nowhere else") {
  const auto python = python::choose_interpreter("");
  REQUIRE_MESSAGE(python.ok(), (python.ok() ? "" : python.message()));
  auto scratch = ScratchFolder::make("cases");
  REQUIRE(scratch.ok());
  frontend::Settings settings{.root = scratch->path(), .system_includes = python->include_folders, .jobs = 2};
  for (const python::HeaderPackage& package : python::header_packages())
    for (const fs::path& folder : python::find_header_package(package.name)) settings.system_includes.push_back(folder);

  const std::vector<Case> cases = all_cases();
  REQUIRE(cases.size() > 100);
  std::vector<project::Unit> units;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const fs::path file = scratch->path() / ("case" + std::to_string(i) + cases[i].suffix);
    REQUIRE(write_file(file, cases[i].text).ok());
    project::Unit unit{
        .file = file, .folder = scratch->path(), .flags = {cases[i].suffix == ".c" ? "-std=gnu17" : "-std=gnu++20"}};
    // A page that speaks of a generator's flag gives it in its first line.
    if (const std::size_t at = cases[i].text.find("// flags: "); at == 0)
      for (const std::string& flag : split(cases[i].text.substr(10, cases[i].text.find('\n') - 10), ' '))
        unit.flags.push_back(flag);
    if (cases[i].text.find("Generated by Cython") < 200) unit.generated_by = project::Generator::cython;
    units.push_back(std::move(unit));
  }
  const std::unique_ptr<Progress> quiet = make_progress(false);
  const std::vector<frontend::Parsed> parsed = frontend::parse_all(units, settings, *quiet);
  std::size_t locks = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& one = cases[i];
    CHECK_MESSAGE(!parsed[i].failed, one.name, ": ",
                  parsed[i].facts.omissions.empty() ? "" : parsed[i].facts.omissions.back().reason);
    if (parsed[i].failed) continue;
    const model::Unit& unit = parsed[i].facts.units[0];
    CHECK_MESSAGE((unit.errors == 0 || one.rule == "FT006" || one.rule == "FT008"), one.name, ": ", unit.first_error);
    // A finding stands where one is expected; what is expected is a finding's place or that of one of its sides.
    const Lines found = found_in(units[i], parsed[i], *rule_named(one.rule)->rule);
    locks += found.locks;
    std::set<unsigned> told = found.placed;
    for (const unsigned line : one.expected)
      if (found.named.contains(line)) told.insert(line);
    CHECK_MESSAGE(told == one.expected, one.name, " ", one.rule, ": expected lines ", lines_of(one.expected),
                  ", found ", lines_of(told));
    for (const auto& [line, severity] : one.severities)
      CHECK_MESSAGE((found.severities.contains(line) && found.severities.at(line) == severity), one.name, " ", one.rule,
                    ": not ", severity, " at line ", line);
    for (const unsigned line : one.sides)
      CHECK_MESSAGE(found.named.contains(line), one.name, " ", one.rule, ": no side at line ", line);
    for (const unsigned line : one.no_sides)
      CHECK_MESSAGE(!found.named.contains(line), one.name, " ", one.rule, ": a side at line ", line);
  }
  CHECK(locks > 5);
}
