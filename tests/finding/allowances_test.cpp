#include <doctest/doctest.h>

#include <random>

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
    if (allowance.scope == Allowance::Scope::next) out += " next";
    if (allowance.scope == Allowance::Scope::file) out += " file";
    if (!allowance.until.empty()) out += " until " + allowance.until;
    if (allowance.admits) out += " admits";
    if (!allowance.reason.empty()) out += ": " + allowance.reason;
    out += "]";
  }
  return out;
}

Allowance at(std::uint32_t line, std::string_view comment, bool alone = false) {
  Allowance allowance = allowances_in(comment, alone).at(0);
  allowance.location = {.file = "a.c", .line = line, .end_line = line};
  allowance.first = allowance.last = line + (allowance.scope == Allowance::Scope::next ? 1 : 0);
  return allowance;
}

constexpr std::string_view today = "2026-06-15";

// What is wrong with them once the document is done, a line each.
std::vector<std::string> applied(std::vector<Allowance> all, Document& document, std::string_view left_out = "",
                                 bool whole = true) {
  Allowances allowances(std::move(all), rules(), today);
  allowances.apply(document);
  std::vector<std::string> out;
  for (const AllowanceTrouble& trouble : allowances.troubles([&](std::string_view rule) { return rule != left_out; },
                                                             [&](const std::string&) { return whole; }))
    out.push_back(std::to_string(trouble.location.line) + ": " + trouble.what);
  return out;
}

}  // namespace

TEST_CASE("the forms an allowance takes") {
  CHECK(read("// ftaudit: allow FT203, FT104 -- filled before threads start") ==
        "[FT203,FT104: filled before threads start]");
  CHECK(read("/* ftaudit: allow FT104 */") == "[FT104]");
  CHECK(read("/* ftaudit: allow FT104 -- ours [until=2027-01-31] */", true) == "[FT104 next until 2027-01-31: ours]");
  CHECK(read("// ftaudit: allow FT104 [until=2027-01-31] -- ours") == "[FT104 until 2027-01-31: ours]");
  CHECK(read("// see above. ftaudit: allow dict-next-unlocked") == "[dict-next-unlocked]");
  CHECK(read("// NOLINT(ftaudit-*)") == "[*]");
  CHECK(read("// NOLINT(ftaudit-dict-next-unlocked, bugprone-foo): kept alive by us") ==
        "[dict-next-unlocked: kept alive by us]");
  CHECK(read("// NOLINTNEXTLINE(ftaudit-FT104)") == "[FT104 next]");
  CHECK(read("// noqa: borrowed-ref OK") == "[borrowed-ref,dict-next,sequence-fast-unlocked: OK]");
  CHECK(read("// noqa: borrowed-ref - manual fix needed") ==
        "[borrowed-ref,dict-next,sequence-fast-unlocked admits: - manual fix needed]");
  CHECK(read("// ftaudit: allow") == "[]");
  CHECK(read("// ftaudit: allow-file FT104 -- ours", true) == "[FT104 file: ours]");
  CHECK(read("/*\n * ftaudit: allow-file FT104 -- ours\n */") == "[FT104 file: ours]");
}

TEST_CASE("what is not an allowance") {
  CHECK(read("// NOLINT") == "");
  CHECK(read("// NOLINT(bugprone-*)") == "");
  CHECK(read("// NOLINTNEXTLINE(readability)") == "");
  CHECK(read("// we could say ftaudit: disallow FT104") == "");
  CHECK(read("// noqa: E501") == "");
  CHECK(read("// noftaudit: allow FT104") == "");
  CHECK(read("// ftaudit: allowed FT104") == "");
  CHECK(read("// ftaudit: allow-files FT104") == "");
  CHECK(read("") == "");
}

TEST_CASE("an allowance hides its own line, or the next") {
  Document document;
  document.findings = {made("FT104", "a.c", 10), made("FT104", "a.c", 11), made("FT101", "a.c", 11),
                       made("FT104", "b.c", 10), made("FT104", "a.c", 20)};
  document.findings[4].location.end_line = 22;
  const std::vector<Allowance> allowances{at(10, "// ftaudit: allow FT104 -- ours"),
                                          at(10, "// ftaudit: allow borrowed-ref -- ours", true),
                                          at(22, "// NOLINT(ftaudit-*)"), at(30, "// ftaudit: allow FT104 -- ours")};
  const auto troubles = applied(allowances, document);
  REQUIRE(document.findings.size() == 2);
  CHECK(document.findings[0].location.line == 11);
  CHECK(document.findings[0].rule == "FT104");
  CHECK(document.findings[1].location.file == "b.c");
  CHECK(document.hidden.allowed == 3);
  REQUIRE(troubles.size() == 1);
  CHECK(troubles[0] == "30: this comment allows FT104, and nothing of that is found on its line");
}

TEST_CASE("a function, and a file") {
  Document document;
  document.findings = {made("FT104", "a.c", 10), made("FT104", "a.c", 19), made("FT104", "a.c", 20),
                       made("FT104", "a.c", 21), made("FT101", "a.c", 15)};
  Allowance function = at(9, "// ftaudit: allow FT104 -- one thread", true);
  function.first = 10, function.last = 20;
  CHECK(applied({function}, document).empty());
  REQUIRE(document.findings.size() == 2);
  CHECK(document.findings[0].location.line == 21);
  CHECK(applied({at(1, "// ftaudit: allow-file FT104, borrowed-ref -- one thread")}, document).empty());
  CHECK(document.findings.empty());
}

TEST_CASE("an unused allowance is told where everything it names was looked for") {
  Document document;
  const std::vector<Allowance> two{at(1, "// ftaudit: allow FT104 -- why"),
                                   at(2, "// ftaudit: allow borrowed-ref -- why")};
  CHECK(applied(two, document).size() == 2);
  CHECK(applied(two, document, "FT104").size() == 1);
  CHECK(applied(two, document, "", false).empty());
  CHECK(applied({at(1, "// noqa: borrowed-ref OK")}, document).empty());
  CHECK(applied({at(1, "// NOLINT(ftaudit-FT104)")}, document).size() == 1);
}

TEST_CASE("a missing reason is told, and hides all the same") {
  Document document;
  document.findings = {made("FT104", "a.c", 1), made("FT104", "a.c", 2)};
  const auto troubles = applied({at(1, "// ftaudit: allow FT104"), at(2, "// NOLINT(ftaudit-FT104)")}, document);
  CHECK(document.findings.empty());
  REQUIRE(troubles.size() == 1);
  CHECK(troubles[0] == "1: this comment allows FT104 and does not say why");
}

TEST_CASE("an allowance that cannot hold is said and hides nothing") {
  Document document;
  document.findings = {made("FT104", "a.c", 1), made("FT104", "a.c", 2), made("FT104", "a.c", 3),
                       made("FT104", "a.c", 4)};
  const std::vector<Allowance> allowances{at(1, "// ftaudit: allow FT104 [until=2026-06-14]"),
                                          at(2, "// ftaudit: allow"), at(3, "// ftaudit: allow FT999"),
                                          at(4, "// ftaudit: allow FT104 [until=soon]")};
  const auto troubles = applied(allowances, document);
  CHECK(document.findings.size() == 4);
  REQUIRE(troubles.size() == 4);
  CHECK(troubles[0] == "1: what this comment allows ended on 2026-06-14");
  CHECK(troubles[1] == "2: this comment allows nothing: it names no rule");
  CHECK(troubles[2] == "3: this comment allows 'FT999', which is no rule");
  CHECK(troubles[3] == "4: this comment allows FT104 until 'soon', which is no date like 2027-01-31");
}

TEST_CASE("it holds on its last day") {
  Document document;
  document.findings = {made("FT104", "a.c", 1)};
  CHECK(applied({at(1, "// ftaudit: allow FT104 -- for a while [until=2026-06-15]")}, document).empty());
  CHECK(document.findings.empty());
}

TEST_CASE("a remark that a fix is needed supports the finding instead of hiding it") {
  Document document;
  document.findings = {made("FT101", "a.c", 1)};
  CHECK(applied({at(1, "// noqa: borrowed-ref - manual fix needed")}, document).empty());
  REQUIRE(document.findings.size() == 1);
  REQUIRE(document.findings[0].trace.size() == 1);
  CHECK(document.hidden.total() == 0);
}

TEST_CASE("no comment brings the reader of allowances down") {
  const std::string whole =
      "ftaudit: allow FT203, FT104 -- filled before threads start [until=2027-01-31] NOLINTNEXTLINE(ftaudit-FT104, "
      "other) noqa: borrowed-ref - manual fix needed";
  std::mt19937 random(20263);
  std::size_t read = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string text = whole;
    for (int n = 0; n <= i % 4; ++n) {
      const std::size_t at = random() % text.size();
      if (random() % 4 == 0) text.erase(at, 1 + random() % 30);
      else text[at] = random() % 2 == 0 ? "()[],:=-* \n"[random() % 11] : static_cast<char>(random());
      if (text.empty()) text = "ftaudit:";
    }
    for (const bool alone : {false, true}) {
      std::vector<Allowance> found = allowances_in(text, alone);
      read += found.size();
      Document document;
      Allowances all(std::move(found), rules(), "2026-01-31");
      all.apply(document);
      all.troubles([](auto) { return true; }, [](const auto&) { return true; });
    }
  }
  CHECK(read > 1'000);
}
