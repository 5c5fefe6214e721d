// Sides between runs: a method that came in is new, one that was mended is progress, and what a comment or a baseline
// names is out while the others stay.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "finding/allowances.h"
#include "finding/baseline.h"
#include "finding/comparison.h"
#include "finding/sides.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;
using ftaudit::test::rules;

namespace {

Side side(const std::string& function, std::uint32_t line, Does does, const std::string& state = "Bag.count") {
  const Location at{"bag.c", line, 5, line, 20};
  return {.function = function,
          .location = at,
          .does = does,
          .states = {state},
          .entry_points = {"bag.Bag." + function},
          .points = {{at, state, does, function + "->" + state}}};
}

// A race of these functions, placed at the first.
Document race(std::vector<Side> sides, std::string_view rule = "FT104") {
  Finding finding = made(rule, "bag.c", sides[0].location.line);
  finding.location = sides[0].location, finding.function = sides[0].function;
  finding.place = "Bag.count", finding.owner = "Bag";
  finding.trace = {{sides[0].location, "written here", 1}, {sides.back().location, "read here", 2}};
  finding.sides = std::move(sides);
  finding.declared = {{"bag.h", 3, 1, 3, 9}};
  Document out;
  out.findings = {std::move(finding)};
  fingerprint(out.findings);
  return out;
}

std::vector<Side> all() {
  return {side("push", 10, Does::update), side("drop", 20, Does::write), side("size", 30, Does::read)};
}
std::vector<Side> without(const std::string& function) {
  std::vector<Side> out = all();
  std::erase_if(out, [&](const Side& one) { return one.function == function; });
  return out;
}
std::vector<Side> with(Side more) {
  std::vector<Side> out = all();
  out.insert(out.begin() + 1, std::move(more));
  return out;
}

const Ancestry nothing_known{[](const std::string& file) { return std::optional(file); },
                             [](const std::string&, std::uint32_t) { return std::optional<std::uint32_t>(); }};
const Ancestry same_lines{[](const std::string& file) { return std::optional(file); },
                          [](const std::string&, std::uint32_t line) { return std::optional(line); }};

std::string functions(const Finding& finding) {
  std::vector<std::string> out;
  for (const Side& one : finding.sides) out.push_back(one.function);
  return join(out, ",");
}

// "new clear at 40 of clear,push,drop,size; 0 fixed; 0 unchanged; 2 of 3 left"
std::string compared(const Document& earlier, Document later, const Ancestry& ancestry = nothing_known) {
  compare(earlier, later, ancestry, "before");
  std::string out;
  for (const Finding& finding : later.findings)
    out +=
        "new " + finding.function + " at " + std::to_string(finding.location.line) + " of " + functions(finding) + "; ";
  out += std::to_string(later.against->fixed.size()) + " fixed; " + std::to_string(later.against->unchanged) +
         " unchanged";
  for (const Comparison::Progress& one : later.against->progress)
    out += "; " + std::to_string(one.left) + " of " + std::to_string(one.total) + " left";
  return out;
}

Allowance allow(const std::string& file, std::uint32_t line, bool whole_file = false) {
  Allowance allowance =
      allowances_in(whole_file ? "// ftaudit: allow-file FT104 -- known" : "// ftaudit: allow FT104 -- known", false)
          .at(0);
  allowance.location = {.file = file, .line = line, .end_line = line};
  allowance.first = allowance.last = line;
  return allowance;
}
Allowances allowing(const std::string& file, std::uint32_t line) {
  return {{allow(file, line)}, rules(), "2026-06-15"};
}

}  // namespace

TEST_CASE("a finding with sides goes by its owner, whoever takes part and wherever it is shown") {
  const Document one = race(all());
  std::vector<Side> turned = all();
  std::swap(turned[0], turned[1]);
  CHECK(one.findings[0].fingerprint == race(turned).findings[0].fingerprint);
  CHECK(one.findings[0].fingerprint == race(without("size")).findings[0].fingerprint);
  Document other = race(all());
  other.findings[0].owner = "Box";
  fingerprint(other.findings);
  CHECK(one.findings[0].fingerprint != other.findings[0].fingerprint);
}

TEST_CASE("a method that came in is new, and the finding is told there") {
  Document later = race(with(side("clear", 15, Does::release)));
  CHECK(compared(race(all()), later) == "new clear at 15 of clear,push,drop,size; 0 fixed; 0 unchanged");
  compare(race(all()), later, nothing_known, "before");
  CHECK(later.findings[0].what == "it is wrong; 3 known sides, 1 new: clear");
  CHECK(later.findings[0].trace[0].what == "released here, in clear, reached from bag.Bag.clear");
}

TEST_CASE("a new side that is only possible makes the finding possible") {
  Side doubtful = side("clear", 15, Does::release);
  doubtful.confidence = Confidence::possible;
  Document later = race(with(doubtful));
  compare(race(all()), later, nothing_known, "before");
  CHECK(later.findings[0].confidence == Confidence::possible);
}

TEST_CASE("what a known method does anew is new: it writes where it only read") {
  std::vector<Side> sides = all();
  sides[2] = side("size", 30, Does::write);
  CHECK(compared(race(all()), race(sides)) == "new size at 30 of size,push,drop; 0 fixed; 0 unchanged");
}

TEST_CASE("one side mended is progress, all are fixed; the rule may change on the way") {
  CHECK(compared(race(all()), race(all())) == "0 fixed; 1 unchanged");
  CHECK(compared(race(all()), race(without("drop"))) == "0 fixed; 1 unchanged; 2 of 3 left");
  CHECK(compared(race(all()), race(without("drop"), "FT101")) == "0 fixed; 1 unchanged; 2 of 3 left");
  CHECK(compared(race(all()), {}) == "1 fixed; 0 unchanged");
}

TEST_CASE("a function that was renamed is where its lines are") {
  std::vector<Side> renamed = all();
  renamed[1].function = "drop_one";
  CHECK(compared(race(all()), race(renamed), same_lines) == "0 fixed; 1 unchanged");
  CHECK(compared(race(all()), race(renamed)) ==
        "new drop_one at 20 of drop_one,push,size; 0 fixed; 0 unchanged; 2 of 3 left");
}

TEST_CASE("a baseline lists sides: those are hidden, others shown") {
  const auto baseline = Baseline::parse(Baseline::of(race(all())).text());
  REQUIRE(baseline.ok());
  CHECK(baseline->entries()[0].sides.size() == 3);
  Document same = race(all());
  CHECK(baseline->apply(same).empty());
  CHECK(same.findings.empty());
  CHECK(same.hidden.baseline == 1);
  Document fewer = race(without("push"));
  CHECK(baseline->apply(fewer).empty());
  CHECK(fewer.findings.empty());
  Document more = race(with(side("clear", 15, Does::release)));
  CHECK(baseline->apply(more).empty());
  REQUIRE(more.findings.size() == 1);
  CHECK(more.findings[0].function == "clear");
  Document none;
  CHECK(baseline->apply(none).size() == 1);
}

TEST_CASE("a line without sides, as earlier versions wrote it, covers them all") {
  const Document now = race(with(side("clear", 15, Does::release)));
  // As it was named when it was shown at drop.
  Finding old = made("FT104", "bag.c", 20, "drop->Bag.count");
  old.function = "drop", old.place = "Bag.count";
  std::vector<Finding> then{old};
  fingerprint(then);
  const auto baseline = Baseline::parse("FT104 " + then[0].fingerprint + " - bag.c drop: it is wrong\n");
  REQUIRE(baseline.ok());
  Document document = now;
  CHECK(baseline->apply(document).empty());
  CHECK(document.findings.empty());
}

TEST_CASE("sides in a baseline are digests") {
  CHECK_FALSE(Baseline::parse("FT104 0123456789abcdef0123 - sides=abc bag.c: it is wrong\n").ok());
  CHECK_FALSE(Baseline::parse("FT104 0123456789abcdef0123 - sides=,, bag.c: it is wrong\n").ok());
}

TEST_CASE("an allowance takes out the side it stands at; at the declaration all") {
  Document at_side = race(all());
  allowing("bag.c", 10).apply(at_side);
  REQUIRE(at_side.findings.size() == 1);
  CHECK(functions(at_side.findings[0]) == "drop,size");
  CHECK(at_side.findings[0].function == "drop");
  CHECK(at_side.hidden.allowed == 0);
  REQUIRE(at_side.held_back.size() == 1);
  CHECK(functions(at_side.held_back[0].finding) == "push");

  Document at_declaration = race(all());
  Allowances allowances = allowing("bag.h", 3);
  allowances.apply(at_declaration);
  CHECK(at_declaration.findings.empty());
  CHECK(at_declaration.hidden.allowed == 1);
  CHECK(allowances.troubles([](std::string_view) { return true; }, [](const std::string&) { return true; }).empty());

  Document elsewhere = race(all());
  allowing("bag.c", 11).apply(elsewhere);
  CHECK(elsewhere.findings[0].sides.size() == 3);
}

TEST_CASE("readers that are left alone are no finding, unless somebody else changes what they read") {
  Document readers = race({side("push", 10, Does::update), side("size", 30, Does::read)});
  allowing("bag.c", 10).apply(readers);
  CHECK(readers.findings.empty());
  CHECK(readers.hidden.allowed == 1);
  Document beside_writers = race({side("push", 10, Does::update), side("size", 30, Does::read)});
  beside_writers.findings[0].others_change = true;
  allowing("bag.c", 10).apply(beside_writers);
  REQUIRE(beside_writers.findings.size() == 1);
  CHECK(beside_writers.findings[0].function == "size");
}

TEST_CASE("an allowance for a file takes out its sides, not those of other files") {
  std::vector<Side> sides = all();
  sides[1].location.file = sides[1].points[0].location.file = "other.c";
  Document document = race(sides);
  Allowances({allow("bag.c", 1, true)}, rules(), "2026-06-15").apply(document);
  REQUIRE(document.findings.size() == 1);
  CHECK(functions(document.findings[0]) == "drop");
}

TEST_CASE("two reports of one finding name what either names") {
  std::vector<Side> sides = without("size");
  unite(sides, with(side("clear", 15, Does::release)));
  CHECK(sides.size() == 4);
  Side twice = side("push", 12, Does::release);
  unite(sides, {twice});
  CHECK(sides.size() == 4);
  CHECK(sides[0].points.size() == 2);
  CHECK(sides[0].does == Does::release);
}
