// Trials: what a test's runs in four ways say of it, and how sure that is.
#include <doctest/doctest.h>

#include "finding/trial.h"

using namespace ftaudit;

namespace {

TriedRuns passed(unsigned n) { return {.passed = n}; }
TriedRuns failed(unsigned bad, unsigned of) { return {.passed = of - bad, .failed = bad}; }
TriedRuns crashed(unsigned bad, unsigned of) { return {.passed = of - bad, .crashed = bad}; }
TriedRuns stuck(unsigned bad, unsigned of) { return {.passed = of - bad, .stuck = bad}; }

TriedTest made(TriedRuns gil, TriedRuns alone, TriedRuns threads = {}, TriedRuns control = {}) {
  TriedTest out;
  out.by_way = {gil, alone, threads, control};
  return out;
}

}  // namespace

TEST_CASE("chance is Fisher's exact test, one-sided") {
  CHECK(chance(3, 3, 0, 3) == doctest::Approx(0.05));
  CHECK(chance(1, 3, 0, 3) == doctest::Approx(0.5));
  CHECK(chance(0, 3, 2, 3) == doctest::Approx(1.0));
  CHECK(chance(3, 4, 1, 4) == doctest::Approx(17.0 / 70));  // Fisher's own tea
  CHECK(chance(4, 4, 0, 0) == doctest::Approx(1.0));        // nothing to compare with is no difference
}

TEST_CASE("a test is sorted by where it fails") {
  using enum TriedAnswer;
  CHECK(sorted(made({}, {})) == skipped);
  CHECK(sorted(made(passed(1), passed(3), passed(3), {})) == passes);
  CHECK(sorted(made(passed(1), passed(3))) == alone_only);
  CHECK(sorted(made(failed(1, 1), failed(3, 3))) == fails_everywhere);
  CHECK(sorted(made(failed(1, 3), failed(1, 3), failed(3, 3), passed(3))) == flaky);
  CHECK(sorted(made(passed(3), failed(3, 3))) == interpreter);
  CHECK(sorted(made(passed(1), passed(3), failed(3, 3), passed(3))) == hidden_race);
  CHECK(sorted(made(passed(1), passed(3), failed(3, 3), failed(3, 3))) == shares_state);
  CHECK(sorted(made(passed(1), passed(3), crashed(1, 3), passed(3))) == crashes);
  CHECK(sorted(made(passed(2), crashed(1, 2), crashed(2, 2), passed(2))) == crashes);
  CHECK(sorted(made(passed(2), crashed(1, 2), crashed(2, 2), {})) == undecided);
  CHECK(sorted(made(passed(2), crashed(1, 2), crashed(2, 2), crashed(1, 2))) == undecided);
  CHECK(sorted(made(passed(1), passed(3), stuck(1, 3), passed(3))) == stands_still);
}

TEST_CASE("what chance explains is no difference") {
  using enum TriedAnswer;
  const TriedTest once = made(passed(1), passed(3), failed(1, 3), passed(3));
  CHECK(sorted(once) == undecided);
  CHECK(in_doubt(once));
  CHECK_FALSE(stands_against(sorted(once)));
  // It fails alone, but the other build ran it once: that may be luck.
  CHECK(sorted(made(passed(1), failed(3, 3))) == undecided);
  // Rarer with the GIL on than without it is not "not with it".
  CHECK(sorted(made(passed(1), passed(3), failed(3, 3), failed(2, 3))) == shares_state);
}

TEST_CASE("without the control only a death is certain") {
  using enum TriedAnswer;
  CHECK(sorted(made(passed(1), passed(3), failed(3, 3))) == undecided);
  CHECK(sorted(made(passed(1), passed(3), stuck(3, 3))) == undecided);
  CHECK(sorted(made(passed(1), passed(3), crashed(3, 3))) == crashes);
}

TEST_CASE("what dies or stands with the GIL on, too, is not the GIL's doing") {
  using enum TriedAnswer;
  CHECK(sorted(made(passed(1), passed(3), crashed(3, 3), crashed(1, 3))) == shares_state);
  CHECK(sorted(made(passed(1), passed(3), stuck(2, 3), stuck(1, 3))) == shares_state);
}

TEST_CASE("who is to be blamed for threads has been alone often enough") {
  CHECK(in_doubt(made(passed(1), passed(3), failed(3, 3), passed(3))));
  CHECK_FALSE(in_doubt(made(passed(6), passed(6), failed(3, 3), passed(3))));
  CHECK_FALSE(in_doubt(made(passed(1), passed(3), crashed(1, 3), passed(3))));
}

TEST_CASE("skipped without the GIL says nothing, and neither does a package of the tests alone") {
  TriedTest test = made(passed(1), {});
  test.of(Way::alone).skipped = 3;
  CHECK(sorted(test) == TriedAnswer::skipped);

  Trial trial;
  trial.packages = {{.name = "linter", .state = TriedPackage::State::cannot_install, .for_tests = true}};
  CHECK_FALSE(stands_against(trial));
  trial.packages[0].for_tests = false;
  CHECK(stands_against(trial));
  trial.packages[0].state = TriedPackage::State::cannot_install_anywhere;
  CHECK_FALSE(stands_against(trial));
}
