// Two states compared: exactly what came in is new, exactly what went is fixed.
#include <doctest/doctest.h>

#include <algorithm>

#include "finding/comparison.h"
#include "finding/verdict.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;

namespace {

const Ancestry nothing_known{[](const std::string& file) { return std::optional(file); },
                             [](const std::string&, std::uint32_t) { return std::optional<std::uint32_t>(); }};

// Lines from `from` on were `by` lines further up; nothing else changed.
Ancestry shifted(std::uint32_t from, std::uint32_t by) {
  return {[](const std::string& file) { return std::optional(file); },
          [=](const std::string&, std::uint32_t line) {
            return line < from ? std::optional(line) : line < from + by ? std::nullopt : std::optional(line - by);
          }};
}

Document with(std::vector<Finding> findings) {
  Document out;
  out.findings = std::move(findings);
  std::sort(out.findings.begin(), out.findings.end(), before);
  fingerprint(out.findings);
  for (const char* rule : {"FT101", "FT104", "FT801"}) out.rules.push_back({rule, 10, 0});
  return out;
}

// "new a.c:12 ...; fixed ...; 3 unchanged"
std::string compared(const Document& earlier, Document later, const Ancestry& ancestry = nothing_known) {
  compare(earlier, later, ancestry, "before");
  std::string out;
  const auto list = [&](const char* what, const std::vector<Finding>& findings) {
    for (const Finding& finding : findings)
      out += std::string(what) + " " + finding.rule + " " + finding.location.file + ":" +
             std::to_string(finding.location.line) + "; ";
  };
  list("new", later.findings);
  list("fixed", later.against->fixed);
  return out + std::to_string(later.against->unchanged) + " unchanged";
}

}  // namespace

TEST_CASE("new, fixed and unchanged") {
  const Document earlier = with({made("FT104", "a.c", 10, "one"), made("FT101", "a.c", 20, "two")});
  CHECK(compared(earlier, earlier) == "2 unchanged");
  CHECK(compared(earlier, with({made("FT104", "a.c", 14, "one"), made("FT801", "a.c", 15, "three")})) ==
        "new FT801 a.c:15; fixed FT101 a.c:20; 1 unchanged");
  CHECK(compared({}, earlier) == "new FT104 a.c:10; new FT101 a.c:20; 0 unchanged");
  CHECK(compared(earlier, with({})) == "fixed FT104 a.c:10; fixed FT101 a.c:20; 0 unchanged");
}

TEST_CASE("of equal findings the one that came in is new, wherever it came in") {
  const Document earlier = with({made("FT104", "a.c", 10), made("FT104", "a.c", 20)});
  CHECK(compared(earlier, with({made("FT104", "a.c", 5), made("FT104", "a.c", 15), made("FT104", "a.c", 25)}),
                 shifted(1, 5)) == "new FT104 a.c:5; 2 unchanged");
  CHECK(compared(earlier, with({made("FT104", "a.c", 10), made("FT104", "a.c", 15), made("FT104", "a.c", 25)}),
                 shifted(15, 5)) == "new FT104 a.c:15; 2 unchanged");
  CHECK(compared(earlier, with({made("FT104", "a.c", 10), made("FT104", "a.c", 20), made("FT104", "a.c", 21)}),
                 shifted(21, 5)) == "new FT104 a.c:21; 2 unchanged");
  CHECK(compared(earlier, with({made("FT104", "a.c", 20)}), shifted(100, 1)) == "fixed FT104 a.c:10; 1 unchanged");
}

TEST_CASE("where lines are not known, the lines around tell equal findings apart") {
  const auto around = [](std::uint32_t line, const char* digest) {
    Finding out = made("FT104", "a.c", line);
    out.around = digest;
    return out;
  };
  const Document earlier = with({around(10, "aa"), around(20, "bb")});
  CHECK(compared(earlier, with({around(5, "cc"), around(15, "aa"), around(25, "bb")})) ==
        "new FT104 a.c:5; 2 unchanged");
}

TEST_CASE("moved to another file, it is the same") {
  const Document earlier = with({made("FT104", "a.c", 10)});
  CHECK(compared(earlier, with({made("FT104", "b.c", 99)})) == "1 unchanged");
}

TEST_CASE("on an unchanged line the same rule says the same, whatever the function is called now") {
  Finding renamed = made("FT104", "a.c", 15);
  renamed.function = "g";
  renamed.place = "global table";
  CHECK(compared(with({made("FT104", "a.c", 10)}), with({renamed}), shifted(1, 5)) == "1 unchanged");
  CHECK(compared(with({made("FT101", "a.c", 10)}), with({renamed}), shifted(1, 5)) ==
        "new FT104 a.c:15; fixed FT101 a.c:10; 0 unchanged");
}

TEST_CASE("a line rewritten and still wrong is not new; one more in the same function is") {
  const Document earlier = with({made("FT104", "a.c", 10, "next(d)")});
  CHECK(compared(earlier, with({made("FT104", "a.c", 12, "next(dict)")})) == "1 unchanged");
  CHECK(compared(earlier, with({made("FT104", "a.c", 12, "next(dict)"), made("FT104", "a.c", 13, "next(other)")})) ==
        "new FT104 a.c:13; 1 unchanged");
}

TEST_CASE("what is held back on either side") {
  using Why = HeldBack::Why;
  const Finding finding = made("FT104", "a.c", 10);
  const Document shown = with({finding});
  const auto held = [&](Why why) {
    Document out = with({finding});
    out.hold_back(out.findings[0], why);
    out.findings.clear();
    return out;
  };
  CHECK(compared(held(Why::allowed), shown) == "new FT104 a.c:10; 0 unchanged");  // the allowance was taken away
  CHECK(compared(held(Why::below_confidence), shown) == "new FT104 a.c:10; 0 unchanged");  // it has become likely
  CHECK(compared(held(Why::below_severity), shown) == "1 unchanged");                      // it only counts for more
  for (const Why why : {Why::allowed, Why::below_severity, Why::below_confidence, Why::baseline})
    CHECK(compared(shown, held(why)) == "0 unchanged");
}

TEST_CASE("tallies are of what is shown") {
  Document later = with({made("FT104", "a.c", 10), made("FT801", "a.c", 11)});
  compare(with({made("FT104", "a.c", 10)}), later, nothing_known, "before");
  for (const RuleTally& tally : later.rules) CHECK(tally.findings == (tally.rule == "FT801" ? 1 : 0));
}

TEST_CASE("what lay in a file that could not be read whole now is not fixed") {
  const Document earlier = with({made("FT104", "a.c", 10, "one"), made("FT101", "x.h", 20, "two")});
  Document later = with({});
  later.analysed = {{.file = "a.c", .partial = true, .reason = "missing header y.h"}, {.file = "b.c"}};
  CHECK(compared(earlier, later) == "0 unchanged");
  compare(earlier, later, nothing_known, "before");
  CHECK(later.against->unread == 2);
  CHECK(later.notes.size() == 1);
  CHECK(exit_code(later, Severity::info) == 3);

  later = with({});
  later.analysed = {{.file = "a.c"}, {.file = "b.c"}};
  CHECK(compared(earlier, later) == "fixed FT104 a.c:10; fixed FT101 x.h:20; 0 unchanged");
  later.analysed = {{.file = "b.c"}};
  later.skipped = {{"a.c", "cannot be read: Permission denied", true}};
  CHECK(compared(earlier, later) == "fixed FT101 x.h:20; 0 unchanged");
}
