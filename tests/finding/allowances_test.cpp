#include <doctest/doctest.h>

#include "base/text.h"
#include "finding/allowances.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;
using ftaudit::test::rules;

namespace {

// "FT203,FT104 next until 2027-01-31: reason" of each allowance in the comment.
std::string read(std::string_view comment, bool alone = false) {
  std::string out;
  for (const Allowance& allowance : allowances_in(comment, alone)) {
    out += "[" + join(allowance.selectors, ",");
    if (allowance.scope == Allowance::Scope::next_line) out += " next";
    if (!allowance.until.empty()) out += " until " + allowance.until;
    if (allowance.admits) out += " admits";
    if (!allowance.reason.empty()) out += ": " + allowance.reason;
    out += "]";
  }
  return out;
}

Allowance at(std::uint32_t line, std::string_view comment, bool alone = false) {
  Allowance allowance = allowances_in(comment, alone).at(0);
  allowance.file = "a.c";
  allowance.line = line;
  return allowance;
}

constexpr std::string_view today = "2026-06-15";

}  // namespace

TEST_CASE("the forms an allowance takes") {
  CHECK(read("// ftaudit: allow FT203, FT104 -- filled before threads start") == "[FT203,FT104: filled before threads start]");
  CHECK(read("/* ftaudit: allow FT104 */") == "[FT104]");
  CHECK(read("/* ftaudit: allow FT104 -- ours [until=2027-01-31] */", true) == "[FT104 next until 2027-01-31: ours]");
  CHECK(read("// ftaudit: allow FT104 [until=2027-01-31] -- ours") == "[FT104 until 2027-01-31: ours]");
  CHECK(read("// see above. ftaudit: allow dict-next-unlocked") == "[dict-next-unlocked]");
  CHECK(read("// NOLINT(ftaudit-*)") == "[*]");
  CHECK(read("// NOLINT(ftaudit-dict-next-unlocked, bugprone-foo): kept alive by us") == "[dict-next-unlocked: kept alive by us]");
  CHECK(read("// NOLINTNEXTLINE(ftaudit-FT104)") == "[FT104 next]");
  CHECK(read("// noqa: borrowed-ref OK") == "[borrowed-ref,dict-next,sequence-fast-unlocked: OK]");
  CHECK(read("// noqa: borrowed-ref - manual fix needed") == "[borrowed-ref,dict-next,sequence-fast-unlocked admits: - manual fix needed]");
  CHECK(read("// ftaudit: allow") == "[]");
}

TEST_CASE("what is not an allowance") {
  CHECK(read("// NOLINT") == "");
  CHECK(read("// NOLINT(bugprone-*)") == "");
  CHECK(read("// NOLINTNEXTLINE(readability)") == "");
  CHECK(read("// we could say ftaudit: disallow FT104") == "");
  CHECK(read("// noqa: E501") == "");
  CHECK(read("// noftaudit: allow FT104") == "");
  CHECK(read("") == "");
}

TEST_CASE("an allowance hides its own line, or the next") {
  Document document;
  document.findings = {made("FT104", "a.c", 10), made("FT104", "a.c", 11), made("FT101", "a.c", 11),
                       made("FT104", "b.c", 10), made("FT104", "a.c", 20)};
  document.findings[4].location.end_line = 22;
  const std::vector<Allowance> allowances{at(10, "// ftaudit: allow FT104"), at(10, "// ftaudit: allow borrowed-ref", true),
                                          at(22, "// NOLINT(ftaudit-*)"), at(30, "// ftaudit: allow FT104")};
  const auto idle = apply(allowances, document, rules(), today);
  REQUIRE(document.findings.size() == 2);
  CHECK(document.findings[0].location.line == 11);
  CHECK(document.findings[0].rule == "FT104");
  CHECK(document.findings[1].location.file == "b.c");
  CHECK(document.hidden.allowed == 3);
  REQUIRE(idle.size() == 1);
  CHECK(idle[0].line == 30);
  CHECK(document.notes.empty());
}

TEST_CASE("an allowance that cannot hold is said and hides nothing") {
  Document document;
  document.findings = {made("FT104", "a.c", 1), made("FT104", "a.c", 2), made("FT104", "a.c", 3), made("FT104", "a.c", 4)};
  const std::vector<Allowance> allowances{
      at(1, "// ftaudit: allow FT104 [until=2026-06-14]"), at(2, "// ftaudit: allow"), at(3, "// ftaudit: allow FT999"),
      at(4, "// ftaudit: allow FT104 [until=soon]")};
  CHECK(apply(allowances, document, rules(), today).empty());
  CHECK(document.findings.size() == 4);
  REQUIRE(document.notes.size() == 4);
  CHECK(document.notes[0] == "a.c:1: what this comment allows ended on 2026-06-14");
  CHECK(document.notes[1] == "a.c:2: this comment allows nothing: it names no rule");
  CHECK(document.notes[2] == "a.c:3: this comment allows 'FT999', which is no rule");
  CHECK(document.notes[3] == "a.c:4: this comment allows something until 'soon', which is no date like 2027-01-31");
}

TEST_CASE("it holds on its last day") {
  Document document;
  document.findings = {made("FT104", "a.c", 1)};
  apply(std::vector{at(1, "// ftaudit: allow FT104 [until=2026-06-15]")}, document, rules(), today);
  CHECK(document.findings.empty());
}

TEST_CASE("a remark that a fix is needed supports the finding instead of hiding it") {
  Document document;
  document.findings = {made("FT101", "a.c", 1)};
  apply(std::vector{at(1, "// noqa: borrowed-ref - manual fix needed")}, document, rules(), today);
  REQUIRE(document.findings.size() == 1);
  REQUIRE(document.findings[0].trace.size() == 1);
  CHECK(document.hidden.total() == 0);
}
