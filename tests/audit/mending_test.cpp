#include "audit/mending.h"

#include <doctest/doctest.h>

#include <sstream>

#include "base/files.h"
#include "base/sha256.h"

using namespace ftaudit;

namespace {

// A file with one finding whose edit writes `new` for `old`.
struct Project {
  ScratchFolder scratch = std::move(*ScratchFolder::make("mending"));
  Document document;

  Project() {
    const std::string text = "int old;\n";
    REQUIRE(write_file(file(), text).ok());
    document.root = scratch.path().string();
    document.analysed = {{.file = "a.c", .functions = 1}};
    Finding finding;
    finding.rule = "FT101", finding.function = "f", finding.what = "it is wrong", finding.fingerprint = "one";
    finding.severity = Severity::high, finding.location = {.file = "a.c", .line = 1};
    Fix fix;
    fix.range = {.file = "a.c", .line = 1, .column = 5, .end_line = 1, .end_column = 8};
    fix.text = "new", fix.of = sha256(text);
    finding.fixes = {fix};
    document.findings = {finding};
  }
  fs::path file() const { return scratch.path() / "a.c"; }
  std::string text() const { return *read_file(file()); }
};

}  // namespace

TEST_CASE("edits are shown as a patch and nothing is written") {
  const Project project;
  std::ostringstream out;
  REQUIRE(audit::show_edits(out, project.document, false).ok());
  CHECK(out.str().find("-int old;\n+int new;\n") != std::string::npos);
  CHECK(project.text() == "int old;\n");
}

TEST_CASE("edits that held stay") {
  const Project project;
  const auto mended = audit::mend(project.document, false, [&]() -> Result<Document> {
    Document after = project.document;
    after.findings.clear();
    return after;
  });
  REQUIRE(mended.ok());
  CHECK(mended->findings == 1);
  CHECK(mended->files == 1);
  CHECK(project.text() == "int new;\n");
}

TEST_CASE("edits that did not hold are taken back, and the error says why") {
  const Project project;
  const auto refused = [&](const std::function<Result<Document>()>& again, const std::string& why) {
    const auto mended = audit::mend(project.document, false, again);
    REQUIRE_FALSE(mended.ok());
    CHECK_MESSAGE(mended.message().find(why) != std::string::npos, mended.message());
    CHECK(project.text() == "int old;\n");
  };
  refused([&]() -> Result<Document> { return project.document; }, "a.c:1: FT101 is still found");
  refused([&]() -> Result<Document> { return Error{"no headers"}; }, "no headers");
  refused(
      [&]() -> Result<Document> {
        Document after = project.document;
        after.findings[0].what = "something else", after.findings[0].rule = "FT301";
        return after;
      },
      "a.c:1: FT301 is new");
  refused(
      [&]() -> Result<Document> {
        Document after = project.document;
        after.findings.clear(), after.analysed[0].errors = 2, after.analysed[0].reason = "2 errors";
        return after;
      },
      "a.c has errors: 2 errors");
}

TEST_CASE("a finding that comes apart under new locks is not new; a side that nobody told is") {
  Project project;
  Finding shared;
  shared.rule = "FT208", shared.owner = "state", shared.function = shared.place = "load", shared.fingerprint = "two";
  shared.severity = Severity::high, shared.what = "both are changed", shared.location = {.file = "a.c", .line = 1};
  shared.sides = {{.function = "load", .states = {"state.names", "state.seen"}},
                  {.function = "ask", .states = {"state.names"}}};
  project.document.findings.push_back(shared);
  const auto mended_with = [&](std::vector<Side> sides) {
    REQUIRE(write_file(project.file(), "int old;\n").ok());
    return audit::mend(project.document, false, [&]() -> Result<Document> {
      Document after = project.document;
      after.findings.erase(after.findings.begin());
      Finding apart = shared;
      apart.function = apart.place = "load_lock_held", apart.what = "one is changed", apart.sides = sides;
      apart.place = "another";
      after.findings.push_back(apart);
      return after;
    });
  };
  CHECK(mended_with({{.function = "load_lock_held", .states = {"state.seen"}}}).ok());
  CHECK_FALSE(mended_with({{.function = "ask", .states = {"state.seen"}}}).ok());
  CHECK_FALSE(mended_with({{.function = "reset", .states = {"state.names"}}}).ok());
}

TEST_CASE("a file that changed since it was audited is not touched") {
  const Project project;
  REQUIRE(write_file(project.file(), "int older;\n").ok());
  const auto mended = audit::mend(project.document, false, [&]() -> Result<Document> { return Document{}; });
  REQUIRE_FALSE(mended.ok());
  CHECK(mended.message().find("a.c changed since it was audited") != std::string::npos);
  CHECK(project.text() == "int older;\n");
}
