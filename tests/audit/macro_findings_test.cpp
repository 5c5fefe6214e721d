#include "audit/macro_findings.h"

#include <doctest/doctest.h>

using namespace ftaudit;

namespace {

Finding finding(const std::string& function, std::uint32_t line, std::optional<std::uint32_t> said) {
  Finding out;
  out.rule = "FT008", out.what = "reads the header", out.function = function, out.place = "ob_type";
  out.location = {"use.c", line, 1, line, 9};
  out.entry_points = {"m." + function};
  if (said) out.said = Location{"macros.h", *said, 5, *said, 9};
  return out;
}

}  // namespace

TEST_CASE("what one macro says at several places is one finding at its definition, with the places as sides") {
  std::vector<Finding> findings{finding("f", 3, 1), finding("f", 4, 1), finding("g", 9, 1), finding("g", 12, 2),
                                finding("g", 15, std::nullopt)};
  REQUIRE(audit::tell_macros_once(findings));
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].location.line == 12);  // the other macro is used once
  CHECK(findings[1].location.line == 15);
  const Finding& whole = findings[2];
  CHECK(whole.location == Location{"macros.h", 1, 5, 1, 9});
  CHECK(whole.function.empty());
  REQUIRE(whole.sides.size() == 2);
  CHECK(whole.sides[0].function == "f");
  CHECK(whole.sides[0].points.size() == 2);
  CHECK(whole.sides[1].points.size() == 1);
  CHECK(whole.entry_points == std::vector<std::string>{"m.f", "m.g"});
}

TEST_CASE("other words, another severity, edits and sides of their own keep findings apart") {
  std::vector<Finding> findings{finding("f", 3, 1), finding("f", 4, 1), finding("f", 5, 1), finding("f", 6, 1)};
  findings[0].what = "writes the header";
  findings[1].severity = Severity::high;
  findings[2].fixes.emplace_back();
  findings[3].sides.emplace_back();
  CHECK_FALSE(audit::tell_macros_once(findings));
  CHECK(findings.size() == 4);
}
