#include <doctest/doctest.h>

#include "finding/verdict.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;

namespace {

Document with(Gil gil, std::vector<Finding> findings) {
  Document document;
  document.findings = std::move(findings);
  fingerprint(document.findings);
  document.modules.push_back({.name = "m", .gil = gil});
  document.analysed.push_back({.file = "a.c", .functions = 3});
  return document;
}

std::string verdict(Document document) {
  judge(document);
  return document.modules[0].verdict;
}

}  // namespace

TEST_CASE("a module's verdict says what it declares and what stands against it") {
  CHECK(verdict(with(Gil::not_used, {})) == "declares that it does not need the GIL; nothing found stands against it");
  CHECK(verdict(with(Gil::not_used, {made("FT104", "a.c", 1)})) ==
        "declares that it does not need the GIL, but 1 high finding stands against it");
  CHECK(verdict(with(Gil::missing, {made("FT001", "a.c", 9), made("FT104", "a.c", 1), made("FT801", "a.c", 2)})) ==
        "does not declare itself free-threaded: importing it switches the GIL back on; 1 high and 1 medium findings to "
        "mend before declaring it");
  CHECK(verdict(with(Gil::used, {})) ==
        "declares that it needs the GIL: importing it switches the GIL back on; nothing found stands against declaring "
        "it");
  CHECK(verdict(with(Gil::unknown, {made("FT104", "a.c", 1)})) ==
        "leaves open whether it needs the GIL: what it declares could not be read; 1 high finding stands against "
        "declaring "
        "it free-threaded");
}

TEST_CASE("nothing found is said with its limits") {
  Document document = with(Gil::not_used, {});
  for (std::uint32_t line : {1, 2}) document.hold_back(made("FT104", "a.c", line), HeldBack::Why::allowed);
  document.analysed.push_back({.file = "b.c", .partial = true, .reason = "missing header x.h", .functions = 1});
  CHECK(verdict(document) ==
        "declares that it does not need the GIL; nothing found stands against it, though 1 file was read only in part "
        "and 2 findings are hidden");
  Document other = with(Gil::not_used, {});
  other.skipped = {{"setup.py", "a module has sources that could not be worked out", true}, {"t.c", "a test", false}};
  CHECK(verdict(other) ==
        "declares that it does not need the GIL; nothing found stands against it, though not all sources were read");
}

TEST_CASE("blockers are the module's own, what to mend first at the front") {
  Document document = with(Gil::missing, {made("FT801", "a.c", 1), made("FT104", "a.c", 2), made("FT104", "b.c", 3),
                                          made("FT101", "shared.h", 4), made("FT801", "a.c", 5)});
  document.findings[4].severity = Severity::low;
  document.findings[1].confidence = Confidence::possible;
  document.modules[0].files = {"a.c"};
  document.modules.push_back({.name = "n", .files = {"b.c"}});
  const auto print = [&](std::size_t i) { return document.findings[i].fingerprint; };
  const std::vector<std::string> first{print(3), print(1), print(0)}, second{print(2), print(3)};
  judge(document);
  CHECK(document.modules[0].blockers == first);
  CHECK(document.modules[1].blockers == second);
}

TEST_CASE("judging sorts, and tallies what is left") {
  Document document = with(Gil::missing, {made("FT104", "b.c", 1), made("FT104", "a.c", 1)});
  document.rules = {{"FT104", 7, 5}, {"FT801", 2, 1}};
  judge(document);
  CHECK(document.findings[0].location.file == "a.c");
  CHECK(document.rules[0].findings == 2);
  CHECK(document.rules[1].findings == 0);
  CHECK(count(document).sites == 9);
}

TEST_CASE("severities in words") {
  Counts counts;
  CHECK(by_severity(counts) == "none");
  counts.findings = {1, 0, 0, 2};
  CHECK(by_severity(counts) == "2 high and 1 info");
  counts.findings = {1, 3, 0, 2};
  CHECK(by_severity(counts) == "2 high, 3 low and 1 info");
}

TEST_CASE("exit codes: findings, then what was left out, then success") {
  Document document = with(Gil::missing, {made("FT801", "a.c", 1)});
  CHECK(exit_code(document, Severity::medium) == 1);
  CHECK(exit_code(document, Severity::high) == 0);
  CHECK(exit_code(document, std::nullopt) == 0);
  document.skipped.push_back({"x.pyx", "its generated C is not in the tree", false});
  CHECK(exit_code(document, std::nullopt) == 0);
  document.skipped.push_back({"y.c", "no permission", true});
  CHECK(exit_code(document, std::nullopt) == 3);
  CHECK(exit_code(document, Severity::medium) == 1);
}

TEST_CASE("never success because nothing was read") {
  Document document;
  CHECK(exit_code(document, Severity::info) == 3);
  document.analysed.push_back({.file = "a.c", .partial = true, .reason = "missing header x.h", .functions = 0});
  CHECK(exit_code(document, Severity::info) == 3);
  document.analysed.push_back({.file = "b.c", .partial = true, .reason = "missing header x.h", .functions = 4});
  CHECK(exit_code(document, Severity::info) == 3);  // where the module is may be what was not read
  document.modules = {{.name = "m", .gil = Gil::used}};
  CHECK(exit_code(document, Severity::info) == 0);
}

TEST_CASE("what a module declares and nobody could read is no success") {
  Document document = with(Gil::unknown, {});
  CHECK(exit_code(document, Severity::info) == 3);
  document = with(Gil::unknown, {made("FT801", "a.c", 1)});
  CHECK(exit_code(document, Severity::info) == 1);
}

TEST_CASE("a finding stands against the modules whose entry points lead to it, wherever it lies") {
  Document document = with(Gil::not_used, {made("FT104", "shared.h", 1), made("FT104", "common.c", 2)});
  document.modules[0].files = {"a.c", "common.c"};
  document.modules.push_back({.name = "n", .gil = Gil::not_used, .files = {"b.c", "common.c"}});
  document.findings[0].modules = {"n"};
  document.findings[1].modules = {"m"};
  judge(document);
  CHECK(document.modules[0].verdict.find("1 high finding stands against it") != std::string::npos);
  CHECK(document.modules[0].blockers == std::vector<std::string>{document.findings[0].fingerprint});  // common.c first
  CHECK(document.modules[1].blockers == std::vector<std::string>{document.findings[1].fingerprint});
}

TEST_CASE("what sums up other findings is not counted beside them") {
  Finding summary = made("FT104", "a.c", 1), hazard = made("FT104", "a.c", 2);
  summary.rule = "FT005", summary.category = Category::gil_reliance;
  CHECK(verdict(with(Gil::not_used, {summary, hazard})) ==
        "declares that it does not need the GIL, but 1 high finding stands against it");
}

TEST_CASE("a module counts the findings hidden from its own verdict") {
  Document document = with(Gil::not_used, {});
  document.modules[0].files = {"a.c"};
  document.modules.push_back({.name = "n", .gil = Gil::not_used, .files = {"b.c"}});
  for (const char* file : {"a.c", "a.c", "b.c"}) document.hold_back(made("FT104", file, 1), HeldBack::Why::allowed);
  judge(document);
  CHECK(document.modules[0].verdict.ends_with("though 2 findings are hidden"));
  CHECK(document.modules[1].verdict.ends_with("though 1 finding is hidden"));
}
