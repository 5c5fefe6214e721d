// What is gone, what is left and what is new between two documents about the same sources.
#include "plan/outcome.h"

#include <doctest/doctest.h>

using namespace ftaudit;
using plan::Outcome;
using plan::outcome;

namespace {

Finding finding(const std::string& rule, std::uint32_t line, const std::string& function) {
  Finding out{.rule = rule, .name = rule, .category = Category::object_field, .location = {"a.c", line, 1, line, 2}};
  out.function = function, out.place = "Bag.items", out.what = rule + " in " + function;
  return out;
}
Finding shared(const std::string& rule, const std::vector<std::string>& functions) {
  Finding out = finding(rule, 1, functions.at(0));
  out.owner = "Bag", out.what = rule;
  for (const std::string& function : functions)
    out.sides.push_back({.function = function, .points = {{.location = {"a.c", 1}, .state = "Bag.items"}}});
  return out;
}
Document of(std::vector<Finding> findings) {
  fingerprint(findings);
  Document out;
  out.findings = std::move(findings);
  return out;
}

}  // namespace

TEST_CASE("Gone, alive and new are told apart") {
  const Document before = of({finding("FT301", 1, "push"), finding("FT302", 2, "pop")});
  const Document after = of({finding("FT302", 2, "pop"), finding("FT408", 9, "len")});
  const Outcome now = outcome(before, after);
  CHECK(now.alive == std::vector<bool>{false, true});
  REQUIRE(now.brought.size() == 1);
  CHECK(now.brought[0]->rule == "FT408");
}

TEST_CASE("A finding that lost sides is alive and lessened") {
  const Document before = of({shared("FT301", {"push", "pop"})}), after = of({shared("FT301", {"push"})});
  const Outcome now = outcome(before, after);
  CHECK(now.alive[0]);
  CHECK(now.lessened[0]);
  CHECK(now.brought.empty());
}

TEST_CASE("What another rule says of the rest of a finding is no new one, and the first is not ended") {
  const Document before = of({shared("FT301", {"push", "pop"})}), after = of({shared("FT303", {"pop"})});
  const Outcome now = outcome(before, after);
  CHECK(now.alive[0]);
  CHECK(now.lessened[0]);
  CHECK(now.brought.empty());
}

TEST_CASE("What is only shown less is not ended; what was hidden before is not new") {
  Document before = of({finding("FT301", 1, "push")}), after = of({finding("FT302", 2, "pop")});
  before.hold_back(finding("FT302", 2, "pop"), HeldBack::Why::below_confidence);
  after.hold_back(finding("FT301", 1, "push"), HeldBack::Why::below_severity);
  const Outcome now = outcome(before, after);
  CHECK(now.alive[0]);
  CHECK(now.brought.empty());
}

TEST_CASE("What another kind of rule says of the same line was behind the first; how a lock is held is new") {
  const Document before = of({finding("FT107", 3, "quote")});
  Finding behind = finding("FT103", 3, "quote"), nested = finding("FT402", 3, "quote");
  behind.category = Category::borrowed_ref, nested.category = Category::critical_section_misuse;
  const Outcome rest = outcome(before, of({behind}));
  CHECK(rest.alive[0]);
  CHECK(rest.brought.empty());
  const Outcome worse = outcome(before, of({nested}));
  CHECK_FALSE(worse.alive[0]);
  CHECK(worse.brought.size() == 1);
}
