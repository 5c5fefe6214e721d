#include "audit/joining.h"

#include <doctest/doctest.h>

using namespace ftaudit;

namespace {

Document part(const std::string& root, const std::string& file, const std::string& module, std::uint64_t sites) {
  Document out;
  out.root = root;
  Finding finding;
  finding.rule = "FT101", finding.fingerprint = root + file, finding.severity = Severity::high;
  finding.location = {.file = file, .line = 3};
  finding.trace = {{{.file = file, .line = 2}, "from here"}};
  out.findings = {finding};
  out.analysed = {{.file = file, .functions = 1}};
  out.skipped = {{"lost.pyx", "no C for it", true}};
  out.modules = {{.name = module, .location = {.file = file, .line = 9}, .files = {file}}};
  out.rules = {{.rule = "FT101", .sites = sites}};
  out.functions = 4;
  return out;
}

}  // namespace

TEST_CASE("projects in one document: paths from the folder they share, sums, and one order whatever the order was") {
  const Document a = part("/books/shelf", "a.c", "shelf", 3), b = part("/books/book/src", "b.c", "book", 5);
  for (const auto& order : {std::vector{a, b}, std::vector{b, a}}) {
    const Document all = audit::joined(order, {});
    CHECK(all.root == "/books");
    REQUIRE(all.findings.size() == 2);
    CHECK(all.findings[0].location.file == "book/src/b.c");
    CHECK(all.findings[0].trace[0].location.file == "book/src/b.c");
    CHECK(all.findings[1].location.file == "shelf/a.c");
    REQUIRE(all.analysed.size() == 2);
    CHECK(all.analysed[0].file == "book/src/b.c");
    REQUIRE(all.modules.size() == 2);
    CHECK(all.modules[0].name == "book");
    CHECK(all.modules[0].files == std::vector<std::string>{"book/src/b.c"});
    CHECK(all.functions == 8);
    REQUIRE(all.rules.size() == 1);
    CHECK(all.rules[0].sites == 8);
  }
}

TEST_CASE("of several runs the sandbox is what all of them had") {
  Document here = part("/w", "a.c", "a", 1), there = part("/w", "b.c", "b", 1), unsaid = part("/w", "c.c", "c", 1);
  here.sandbox = Confinement{.landlock = 7, .seccomp = true, .lacks = {}};
  there.sandbox = Confinement{.landlock = 1, .seccomp = false, .lacks = {"seccomp: left out"}};
  for (const auto& order : {std::vector{here, there}, std::vector{there, here}}) {
    const Document both = audit::joined(order, {});
    REQUIRE(both.sandbox);
    CHECK(both.sandbox->layers() == std::vector<std::string>{"landlock:1"});
    CHECK(both.sandbox->lacks == std::vector<std::string>{"seccomp: left out"});
  }
  for (const auto& order : {std::vector{here, unsaid}, std::vector{unsaid, here}})
    CHECK_FALSE(audit::joined(order, {}).sandbox);
}

TEST_CASE("one project keeps its own paths unless a folder is named for all") {
  CHECK(audit::joined({part("/books/shelf", "a.c", "shelf", 1)}, {}).findings[0].location.file == "a.c");
  CHECK(audit::joined({part("/books/shelf", "a.c", "shelf", 1)}, "/books").findings[0].location.file == "shelf/a.c");
  CHECK(audit::joined({}, {}).findings.empty());
}

TEST_CASE("what two shards said alike is said once; what only looks alike stays") {
  Document all = audit::joined({part("/w", "a.c", "shelf", 1), part("/w", "a.c", "shelf", 1)}, {});
  REQUIRE(all.findings.size() == 2);
  audit::drop_repeated(all);
  CHECK(all.findings.size() == 1);
  CHECK(all.analysed.size() == 1);
  CHECK(all.skipped.size() == 1);
  CHECK(all.modules.size() == 1);
  Document two = audit::joined({part("/w", "a.c", "shelf", 1), part("/w", "b.c", "book", 1)}, {});
  audit::drop_repeated(two);
  CHECK(two.findings.size() == 2);
  CHECK(two.modules.size() == 2);
  CHECK(two.skipped.size() == 1);
}
