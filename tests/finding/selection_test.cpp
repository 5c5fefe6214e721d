#include <doctest/doctest.h>

#include "finding/selection.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;
using ftaudit::test::rules;

namespace {

std::string shown(const std::vector<std::string>& select, const std::vector<std::string>& ignore) {
  const auto selection = Selection::make(rules(), select, ignore);
  if (!selection) return selection.message();
  std::string out;
  for (const RuleInfo& rule : rules())
    if (selection->shows(rule.id)) out.append(rule.id).append(" ");
  return out;
}

}  // namespace

TEST_CASE("rules are selected by id, name, prefix, category and glob") {
  CHECK(shown({}, {}) == "FT001 FT101 FT104 FT106 FT110 FT801 ");
  CHECK(shown({"ft104"}, {}) == "FT104 ");
  CHECK(shown({"dict-next-unlocked,FT8"}, {}) == "FT104 FT801 ");
  CHECK(shown({"FT1"}, {}) == "FT101 FT104 FT106 FT110 ");
  CHECK(shown({"borrowed-ref"}, {}) == "FT101 FT110 ");
  CHECK(shown({"borrowed-*"}, {"FT110"}) == "FT101 ");
  CHECK(shown({"all"}, {"FT8"}) == "FT001 FT101 FT104 FT106 FT110 ");
}

TEST_CASE("the closer selector wins, and ignore wins a tie") {
  CHECK(shown({"FT104"}, {"FT1"}) == "FT104 ");
  CHECK(shown({"FT1"}, {"FT104"}) == "FT101 FT106 FT110 ");
  CHECK(shown({"FT10"}, {"FT1"}) == "FT101 FT104 FT106 ");
  CHECK(shown({"FT104"}, {"FT104"}) == "");
}

TEST_CASE("a selector that names nothing is an error with a suggestion") {
  CHECK(shown({"FT1O4"}, {}) == "no rule, name, prefix or category 'FT1O4'; did you mean FT104?");
  CHECK(shown({}, {"dict-next-unlockd"}) ==
        "no rule, name, prefix or category 'dict-next-unlockd'; did you mean dict-next-unlocked?");
  CHECK(shown({"bananas"}, {}) == "no rule, name, prefix or category 'bananas'; `ftaudit rules` lists them all");
  CHECK(shown({"F"}, {}).starts_with("no rule"));
}

TEST_CASE("what is held back is counted once, under its first reason") {
  auto selection = Selection::make(rules(), {}, {"FT801"});
  REQUIRE(selection.ok());
  CHECK(selection->runs("FT801"));
  selection->min_severity = Severity::medium;
  selection->min_confidence = Confidence::likely;

  Document document;
  document.findings = {made("FT801", "a.c", 1), made("FT104", "a.c", 2), made("FT104", "a.c", 3),
                       made("FT104", "a.c", 4)};
  document.findings[0].severity = Severity::info;
  document.findings[1].severity = Severity::low;
  document.findings[1].confidence = Confidence::possible;
  document.findings[2].confidence = Confidence::possible;
  selection->apply(document);
  REQUIRE(document.findings.size() == 1);
  CHECK(document.findings[0].location.line == 4);
  CHECK(document.hidden.ignored == 1);
  CHECK(document.hidden.below_severity == 1);
  CHECK(document.hidden.below_confidence == 1);
  CHECK(document.hidden.total() == 3);
}

TEST_CASE("rules that were not selected need not run") {
  const auto selection = Selection::make(rules(), {"FT104"}, {});
  REQUIRE(selection.ok());
  CHECK(selection->runs("FT104"));
  CHECK_FALSE(selection->runs("FT101"));
}
