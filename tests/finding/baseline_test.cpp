// Baselines: what is listed is hidden, once an entry; what is not here any more is told; people and git may edit the
// file.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/text.h"
#include "finding/baseline.h"
#include "made.h"

using namespace ftaudit;
using ftaudit::test::made;

namespace {

Document with(std::vector<Finding> findings) {
  Document out;
  out.findings = std::move(findings);
  std::sort(out.findings.begin(), out.findings.end(), before);
  fingerprint(out.findings);
  return out;
}

Baseline again(const Baseline& baseline) {
  auto read = Baseline::parse(baseline.text());
  REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.message()));
  return std::move(*read);
}

}  // namespace

TEST_CASE("what was written is hidden, and what came since is not") {
  const Document then = with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two")});
  const Baseline baseline = again(Baseline::of(then));
  CHECK(baseline.entries().size() == 2);
  Document now =
      with({made("FT104", "moved/a.c", 400, "one"), made("FT101", "b.c", 3, "two"), made("FT801", "b.c", 4, "three")});
  CHECK(baseline.apply(now).empty());
  REQUIRE(now.findings.size() == 1);
  CHECK(now.findings[0].rule == "FT801");
  CHECK(now.hidden.baseline == 2);
  CHECK(now.held_back.size() == 2);
}

TEST_CASE("an entry hides one finding; of equal ones the lines around say which") {
  const auto around = [](std::uint32_t line, const char* digest) {
    Finding out = made("FT104", "a.c", line);
    out.around = digest;
    return out;
  };
  const Baseline baseline = again(Baseline::of(with({around(10, "aaaaaaaaaa"), around(20, "bbbbbbbbbb")})));
  Document now = with({around(5, "cccccccccc"), around(15, "aaaaaaaaaa"), around(25, "bbbbbbbbbb")});
  CHECK(baseline.apply(now).empty());
  REQUIRE(now.findings.size() == 1);
  CHECK(now.findings[0].location.line == 5);
}

TEST_CASE("what was mended is told and can be taken out") {
  Baseline baseline = again(Baseline::of(with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two")})));
  Document now = with({made("FT104", "a.c", 10, "one")});
  const auto gone = baseline.apply(now);
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].rule == "FT101");
  baseline.prune(gone);
  CHECK(baseline.text() == Baseline::of(with({made("FT104", "a.c", 10, "one")})).text());
}

TEST_CASE("the same findings give the same text, whatever the lines are") {
  CHECK(Baseline::of(with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two")})).text() ==
        Baseline::of(with({made("FT101", "b.c", 30, "two"), made("FT104", "a.c", 11, "one")})).text());
}

TEST_CASE("the order of lines, comments and line ends do not matter") {
  const std::string text = Baseline::of(with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two")})).text();
  std::vector<std::string> lines = split(text, '\n');
  std::reverse(lines.begin(), lines.end());
  std::string turned;
  for (const std::string& line : lines) turned += line + "\r\n";
  const auto read = Baseline::parse(turned + "# a remark\n\n");
  REQUIRE(read.ok());
  Document now = with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two")});
  CHECK(read->apply(now).empty());
  CHECK(now.findings.empty());
}

TEST_CASE("what is no baseline is told by its line") {
  const auto refusal = [](std::string_view text) {
    const auto read = Baseline::parse(text);
    return read.ok() ? "" : read.message();
  };
  CHECK(refusal("# fine\nFT104 deadbeef\n") ==
        "line 2 is not a rule, a fingerprint and a digest; `ftaudit baseline write` makes the file anew");
  CHECK(refusal("{\"schema\": 1}") != "");
  CHECK(refusal("<<<<<<< HEAD\n") == "line 1 is left of a merge: keep the lines of both sides");
  CHECK(refusal("") == "");
  Finding hostile = made("FT104", "a\nFT101 b\x1b[2J.c", 1);
  const Baseline baseline = again(Baseline::of(with({hostile})));
  CHECK(baseline.entries().size() == 1);
  CHECK(baseline.text().find('\x1b') == std::string::npos);
}

TEST_CASE("no bytes bring the reader down") {
  const std::string whole = Baseline::of(with({made("FT104", "a.c", 10, "one"), made("FT101", "b.c", 3, "two"),
                                               made("FT104", "a.c", 11, "one")}))
                                .text();
  std::mt19937 random(7);
  unsigned accepted = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits)
      text[random() % text.size()] = static_cast<char>(random());
    if (auto read = Baseline::parse(text); read.ok()) {
      ++accepted;
      Document now = with({made("FT104", "a.c", 10, "one")});
      read->prune(read->apply(now));
      CHECK(Baseline::parse(read->text()).ok());
    }
  }
  CHECK(accepted > 0);
  CHECK(accepted < 5000);
}
