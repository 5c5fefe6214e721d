// A document to bytes and back: nothing is lost, and damage is told.
#include <doctest/doctest.h>

#include <random>

#include "finding/archive.h"
#include "finding/fields.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;

namespace {

Document whole_document() {
  Document out;
  out.tool_version = "1", out.python = "3.13t",
  out.sandbox = Confinement{.landlock = 7, .seccomp = true, .lacks = {"why"}}, out.root = "/somewhere";
  Finding finding = made("FT104", "a.c", 10, "\xff\xfe not UTF-8");
  finding.place = "place", finding.why = "why", finding.instead = "instead", finding.around = "aa",
  finding.fingerprint = "ff";
  finding.trace = {{{"b.c", 1, 2, 3, 4}, "step"}};
  finding.entry_points = {"m.f", "m.g"};
  finding.sides = {{.function = "f",
                    .location = {"a.c", 10, 1, 10, 4},
                    .does = Does::update,
                    .held = "a lock",
                    .states = {"T.n"},
                    .entry_points = {"m.f"},
                    .confidence = Confidence::possible,
                    .points = {{{"a.c", 10, 1, 10, 4}, "T.n", Does::update, "text"}}}};
  finding.owner = "T", finding.remedy = "its mutex", finding.others_change = true;
  finding.declared = {{"a.h", 3, 1, 3, 9}};
  finding.fixes = {
      {.range = {"b.c", 1, 2, 3, 4}, .text = "text", .plain = "plain", .needs_compat = true, .of = "digest"}};
  finding.witness = Witness{.verdict = Witness::Verdict::reached_not_raced, .report = "report", .reproducer = "again"};
  out.findings = {finding, made("FT101", "b.c", 2)};
  out.hold_back(finding, HeldBack::Why::below_confidence);
  out.rules = {{"FT104", 7, 2}};
  out.analysed = {{"a.c", true, "missing x.h", 3, 4}};
  out.skipped = {{"s.c", "why", false}};
  out.modules = {{.name = "m",
                  .init = "PyInit_m",
                  .style = "multi-phase",
                  .gil = Gil::missing,
                  .location = {"a.c", 5, 6, 7, 8},
                  .files = {"a.c"},
                  .blockers = {"ff"},
                  .verdict = "bad"}};
  out.types = {{.name = "m.T",
                .record = "T",
                .contract = "external",
                .entries = {"m.T.f"},
                .rows = {"X"},
                .racing = {"n"},
                .pairs = 1,
                .races = 1}};
  const PlanFinding named = named_in_plan(finding);
  out.plan = Plan{.steps = {{.number = 2,
                             .kind = StepKind::atomic,
                             .what = "what",
                             .because = "because",
                             .otherwise = "or",
                             .states = {"T.n"},
                             .places = {{{"a.c", 1, 2, 3, 4}, "f", "write", {"m.f"}}},
                             .ends = {named},
                             .lessens = {named},
                             .brings = {named},
                             .fixes = finding.fixes,
                             .by_hand = "why"}},
                  .findings = 3,
                  .ended = 1,
                  .measured = Measured::together,
                  .rest = {{"FT101", "name", "why", {named}}},
                  .before = out.types,
                  .after = out.types};
  out.notes = {"note"};
  out.against = Comparison{.revision = "before", .fixed = {finding}, .unchanged = 9, .progress = {{finding, 1, 2}}};
  out.allowances = 11, out.rules_left_out = 12, out.functions = 13;
  return out;
}

// How many members a struct has: as many as it can be initialised with.
struct Anything {
  template <class T> operator T() const;
};
template <class T, class... Given> constexpr std::size_t members() {
  if constexpr (requires { T{Given{}..., Anything{}}; }) return members<T, Given..., Anything>();
  else return sizeof...(Given);
}
struct Count {
  std::size_t fields = 0;
  template <class... V> void operator()(const V&...) { fields = sizeof...(V); }
};
template <class T> bool whole() {
  Count count;
  const T value{};
  fields(count, value);
  return count.fields == members<T>();
}

}  // namespace

TEST_CASE("every field is named in fields.h") {
  CHECK(whole<Location>());
  CHECK(whole<Step>());
  CHECK(whole<Fix>());
  CHECK(whole<Witness>());
  CHECK(whole<Side::Point>());
  CHECK(whole<Side>());
  CHECK(whole<Comparison::Progress>());
  CHECK(whole<Finding>());
  CHECK(whole<ModuleReport>());
  CHECK(whole<TypeReport>());
  CHECK(whole<AnalysedFile>());
  CHECK(whole<SkippedFile>());
  CHECK(whole<RuleTally>());
  CHECK(whole<Document::Hidden>());
  CHECK(whole<HeldBack>());
  CHECK(whole<Comparison>());
}

TEST_CASE("a document comes back as it went") {
  const Document document = whole_document();
  const std::string bytes = to_bytes(document);
  const auto again = document_from_bytes(bytes);
  REQUIRE(again.ok());
  CHECK(to_bytes(*again) == bytes);
  CHECK(again->findings[0].witness->reproducer == "again");
  CHECK(again->findings[0].guilty_text == document.findings[0].guilty_text);
  CHECK(again->held_back[0].why == HeldBack::Why::below_confidence);
  CHECK(again->hidden.below_confidence == 1);
  CHECK(again->modules[0].verdict == "bad");
  CHECK(again->against->unchanged == 9);
  CHECK(again->functions == 13);
}

TEST_CASE("no part of the bytes passes for the whole, and no bytes bring the reader down") {
  const std::string bytes = to_bytes(whole_document());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    REQUIRE_FALSE(document_from_bytes(std::string_view(bytes).substr(0, size)).ok());
  CHECK_FALSE(document_from_bytes(bytes + '\0').ok());
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    std::string mutated = bytes;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits)
      mutated[random() % mutated.size()] = static_cast<char>(random());
    if (const auto read = document_from_bytes(mutated); read.ok()) CHECK(document_from_bytes(to_bytes(*read)).ok());
  }
}
