// One adoption report, with text as hostile as a package index allows, through every format.
#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "base/files.h"
#include "base/text.h"
#include "reports/adoption_html.h"
#include "reports/adoption_json.h"
#include "reports/adoption_text.h"
#include "reports/columns.h"

using namespace ftaudit;
using namespace ftaudit::reports;

namespace {

AdoptionReport sample() {
  AdoptionReport out;
  out.tool_version = "0.1.0", out.target = "3.14t", out.platform = "manylinux_2_28_x86_64", out.date = "2026-01-31",
  out.resolver = "uv 0.9.1", out.inputs = {"requirements.txt"};
  PackageReport app;
  app.name = "app", app.version = "1.0", app.direct = true, app.standing = Standing::pure,
  app.confidence = Confidence::certain, app.summary = "pure Python", app.requires_ = {"core"},
  app.asked_by = {"requirements.txt:1"};
  PackageReport core;
  core.name = "core", core.version = "2.0", core.standing = Standing::enables_gil, core.confidence = Confidence::likely,
  core.summary = "loading it switches the GIL on", core.needed_by = {"app"}, core.file = "core-2.0.whl";
  core.reasons = {{"_core: it has no Py_mod_gil slot", "core-2.0.whl"}};
  core.modules = {{.file = "core/_core.so",
                   .name = "_core",
                   .gil = Gil::missing,
                   .style = "multi-phase",
                   .how = "it has no Py_mod_gil slot",
                   .origins = {"Cython 3.1.2"},
                   .borrowed_calls = {"PyDict_GetItem"}}};
  core.scan = ScanSummary{.high = 1, .files = 4},
  core.probe = ProbeSummary{.gil_after = true, .culprits = {"core._core"}, .python = "3.14.0"},
  core.confirm =
      ConfirmSummary{.confirmed = 1, .against = 1, .reached = 2, .report = "ftaudit-confirmed/core-1.0/report.html"};
  PackageReport evil;
  evil.name = "evil", evil.version = "=1+1", evil.standing = Standing::no_wheel, evil.direct = true;
  evil.summary = "=cmd|'/c calc'!A1 </script><script>alert(1)</script> \x1b[2J | `x` \xff\xe2\x80\xae \"quoted\"";
  evil.not_checked = {"its sdist: " + std::string(300, 'x')}, evil.homepage = "javascript:alert(1)",
  evil.upgrade_to = "3.0", evil.first_version = "2.9";
  out.packages = {app, core, evil};
  out.advice = {.recommendation = Recommendation::not_yet,
                .headline = "Not yet: it cannot be installed",
                .because = {"What computes in threads gains"},
                .blockers = {"core", "evil"},
                .actions = {{Action::Kind::ask, "core", "ask core to declare Py_mod_gil"}},
                .chains = {{"app", "core"}}};
  out.problems = {"requirements.txt:3: no such file </p>"};
  out.changes = changes({app}, out.packages);
  return out;
}

template <class Write> std::string text(Write write) {
  std::ostringstream out;
  write(out);
  return out.str();
}

std::string html() {
  return text([](std::ostream& out) { write_adoption_html(out, sample()); });
}

}  // namespace

TEST_CASE("the terminal's table fits 80 columns and nothing in it acts on the terminal") {
  for (const bool verbose : {false, true}) {
    const std::string shown =
        text([&](std::ostream& out) { write_adoption_terminal(out, sample(), {.width = 80, .verbose = verbose}); });
    for (const unsigned char c : shown) CHECK((c >= 0x20 || c == '\n'));
    for (const std::string& line : split(shown, '\n'))
      if (line.find("xxxx") == std::string::npos) CHECK_MESSAGE(width(line) <= 80, line);
    CHECK(shown.find("switches the GIL on (through app)") != std::string::npos);
    CHECK(shown.find("app -> core") != std::string::npos);
    CHECK(shown.find("3.0 is better") != std::string::npos);
  }
}

TEST_CASE("in HTML a package's text stays text, and the policy names the page's own script and style") {
  const std::string page = html();
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("\x1b") == std::string::npos);
  CHECK(page.find("href=\"javascript") == std::string::npos);
  CHECK(page.find("</script>", page.find("<script type=\"application/json\"")) <
        page.find("<script>", page.find("<script type=\"application/json\"")));
  // SHA-256 of the empty text is known; of the page's own style it must be in the policy once.
  CHECK(page.find("default-src 'none'; style-src 'sha256-") != std::string::npos);
  for (const char* outside : {"http-equiv=\"refresh\"", "src=\"", "@import", "url("})
    CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
}

TEST_CASE("CSV holds no formula and as many cells in each row") {
  const std::string shown = text([](std::ostream& out) { write_adoption_csv(out, sample()); });
  CHECK(shown.find(",=") == std::string::npos);
  CHECK(shown.find(",'=1+1,") != std::string::npos);
  CHECK(shown.find("\"'=cmd|'/c calc'!A1") != std::string::npos);
}

TEST_CASE("Markdown keeps its table whole") {
  const std::string shown = text([](std::ostream& out) { write_adoption_markdown(out, sample()); });
  for (const std::string& line : split(shown, '\n')) {
    if (!line.starts_with("| ")) continue;
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
    CHECK_MESSAGE(bars == 5, line);
  }
  CHECK(shown.find("<script") == std::string::npos);
}

TEST_CASE("JSON is what is kept beside this file, and is read back") {
  const std::string made = text([](std::ostream& out) { write_adoption_json(out, sample()); });
  const fs::path kept = fs::path(FTAUDIT_SOURCE_DIR) / "tests/reports/adoption/full.json";
  if (std::getenv("FTAUDIT_UPDATE_SNAPSHOTS") != nullptr) REQUIRE(write_file(kept, made).ok());
  const Result<std::string> before = read_file(kept);
  REQUIRE(before.ok());
  CHECK(*before == made);
  const auto back = read_adoption_json(made);
  REQUIRE(back.ok());
  CHECK(changes(*back, sample().packages).empty());
  for (const char* broken :
       {"", "[]", "{", "{\"schema\":1}", "{\"schema\":1,\"packages\":[{}]}",
        "{\"schema\":1,\"packages\":[{\"name\":\"a\",\"standing\":\"fine\"}]}", "{\"schema\":2,\"packages\":[]}"})
    CHECK_FALSE(read_adoption_json(broken).ok());
}

TEST_CASE("changes: what came, went, and turned") {
  std::vector<PackageReport> before = sample().packages, after = before;
  before[0].standing = Standing::unknown;
  after.erase(after.begin() + 1);
  const std::vector<Change> found = changes(before, after);
  REQUIRE(found.size() == 2);
  CHECK(found[0].package == "app");
  CHECK(found[1].after == std::nullopt);
}

TEST_CASE("exit codes") {
  AdoptionReport report = sample();
  CHECK(exit_code(report, FailOn::gil) == 1);
  CHECK(exit_code(report, FailOn::never) == 0);
  report.packages.erase(report.packages.begin() + 1);
  CHECK(exit_code(report, FailOn::gil) == 0);
  CHECK(exit_code(report, FailOn::unsupported) == 1);
  report.packages.pop_back();
  report.packages[0].standing = Standing::unknown;
  CHECK(exit_code(report, FailOn::unsupported) == 3);  // nothing is known of any
  CHECK(exit_code(report, FailOn::unknown) == 1);
  report.incomplete = true;
  CHECK(exit_code(report, FailOn::gil) == 3);
  CHECK(exit_code(AdoptionReport{}, FailOn::never) == 3);
}

TEST_CASE("the badge says what the report says") {
  const std::string badge = text([](std::ostream& out) { write_adoption_badge(out, sample()); });
  CHECK(badge.find("free-threaded 3.14t: not yet 1/3") != std::string::npos);
}
