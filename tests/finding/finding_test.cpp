#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "finding/fields.h"
#include "finding/report.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;

TEST_CASE("names go there and back") {
  for (const auto severity : {Severity::info, Severity::low, Severity::medium, Severity::high})
    CHECK(severity_named(name_of(severity)) == severity);
  for (const auto confidence : {Confidence::possible, Confidence::likely, Confidence::certain})
    CHECK(confidence_named(name_of(confidence)) == confidence);
  CHECK_FALSE(severity_named("High").has_value());
  CHECK(name_of(Witness::Verdict::reached_not_raced) == "reached-not-raced");
  CHECK(name_of(Gil::not_used) == "not-used");
}

TEST_CASE("the categories are sorted and closed") {
  std::string_view before;
  for (int i = 0; i <= static_cast<int>(last_value(Category{})); ++i) {
    const auto category = static_cast<Category>(i);
    CHECK(before < name_of(category));
    CHECK(category_named(name_of(category)) == category);
    before = name_of(category);
  }
  CHECK(category_named("bananas") == std::nullopt);
}

TEST_CASE("order is file, line, column, rule, whatever order they came in") {
  std::vector<Finding> findings{made("FT104", "b.c", 1), made("FT801", "a.c", 10), made("FT101", "a.c", 10),
                                made("FT104", "a.c", 9)};
  std::sort(findings.begin(), findings.end(), before);
  CHECK(findings[0].rule == "FT104");
  CHECK(findings[1].rule == "FT101");
  CHECK(findings[2].rule == "FT801");
  CHECK(findings[3].location.file == "b.c");
}

TEST_CASE("a fingerprint survives moves, new indentation and other files") {
  std::vector<Finding> was{made("FT104", "a.c", 10, "PyDict_Next(d, &pos,\n      &k, &v)")};
  std::vector<Finding> is{made("FT104", "src/b.c", 99, "PyDict_Next(d, &pos, &k, &v)")};
  fingerprint(was);
  fingerprint(is);
  CHECK(was[0].fingerprint == is[0].fingerprint);
  CHECK(was[0].fingerprint.size() == 20);
}

TEST_CASE("findings that agree in everything are told apart by their order") {
  std::vector<Finding> findings{made("FT104", "a.c", 1), made("FT104", "a.c", 2), made("FT104", "a.c", 3),
                                made("FT101", "a.c", 3), made("FT104", "a.c", 4, "other()")};
  fingerprint(findings);
  std::set<std::string> different;
  for (const Finding& finding : findings) different.insert(finding.fingerprint);
  CHECK(different.size() == findings.size());

  // A new one of another kind in between changes none of them.
  std::vector<Finding> later = findings;
  later.insert(later.begin() + 1, made("FT801", "a.c", 1));
  fingerprint(later);
  CHECK(later[0].fingerprint == findings[0].fingerprint);
  CHECK(later[2].fingerprint == findings[1].fingerprint);
}

TEST_CASE("parts of a fingerprint do not run together") {
  std::vector<Finding> findings{made("FT104", "a.c", 1), made("FT104", "a.c", 2)};
  findings[0].function = "ab", findings[0].place = "c";
  findings[1].function = "a", findings[1].place = "bc";
  fingerprint(findings);
  CHECK(findings[0].fingerprint != findings[1].fingerprint);
}

TEST_CASE("a report fills in what the rule knows and counts where it looked") {
  Report report(ftaudit::test::rules()[2]);
  report.site();
  report.sites(4);
  Finding& first = report.add({"a.c", 3, 1, 3, 5}, "one");
  for (int i = 0; i < 100; ++i) report.add({"a.c", 4, 1, 4, 5}, "another");
  first.severity = Severity::low;  // still the first, however many came after it
  Document document;
  std::move(report).hand_over(document);
  CHECK(document.findings.front().severity == Severity::low);
  CHECK(document.findings.front().name == "dict-next-unlocked");
  CHECK(document.findings.back().severity == Severity::high);
  REQUIRE(document.rules.size() == 1);
  CHECK(document.rules[0].sites == 5);
  CHECK(document.rules[0].findings == 101);
}
