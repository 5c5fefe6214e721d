#include "trial/statistics.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace ftaudit;
using namespace ftaudit::trial;

namespace {

// Pairs of a thing with `times` as much of it, each sample off by about `noise` of itself.
std::vector<Pair> made(std::size_t count, double times, double noise, std::uint64_t seed) {
  std::mt19937_64 source(seed);
  std::normal_distribution<double> off(0, noise);
  std::vector<Pair> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({std::exp(off(source)), times * std::exp(off(source))});
  return out;
}

}  // namespace

TEST_CASE("medians are those of the middle") {
  CHECK(median_of({}) == 0);
  CHECK(median_of({3, 1, 2}) == 2);
  CHECK(median_of({4, 1, 3, 2}) == 2.5);
}

TEST_CASE("the same pairs give the same interval, and it holds the ratio") {
  const std::vector<Pair> pairs = made(12, 1.3, 0.02, 1);
  const MeasuredRatio one = ratio_of(pairs), other = ratio_of(pairs);
  CHECK(one.low == other.low);
  CHECK(one.high == other.high);
  CHECK(one.low < 1.3);
  CHECK(one.high > 1.3);
  CHECK(one.low <= one.median);
  CHECK(one.median <= one.high);
}

TEST_CASE("a thing compared with itself is hardly ever more or less, however noisy the machine") {
  std::size_t equal = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed)
    for (const double noise : {0.005, 0.03, 0.15})
      for (const std::size_t pairs : {12, 20}) {
        const MeasuredAnswer answer = answer_of(made(pairs, 1.0, noise, seed));
        wrong += answer == MeasuredAnswer::more || answer == MeasuredAnswer::less;
        equal += answer == MeasuredAnswer::equal;
      }
  CHECK(wrong <= 3);   // one in a thousand
  CHECK(equal > 950);  // on the quiet machine it is said
}

TEST_CASE("five in a hundred more is found where the clock is good, and not made up where it is not") {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    found += answer_of(made(20, 1.05, 0.01, seed)) == MeasuredAnswer::more;
    found += answer_of(made(20, 1 / 1.05, 0.01, seed)) == MeasuredAnswer::less;
  }
  CHECK(found == 100);
  CHECK(answer_of(made(12, 1.05, 0.3, 1)) == MeasuredAnswer::cannot_tell);
}

TEST_CASE("too few pairs are no answer") {
  CHECK(answer_of(made(fewest_pairs - 1, 2.0, 0.001, 1)) == MeasuredAnswer::cannot_tell);
  CHECK(answer_of({}) == MeasuredAnswer::cannot_tell);
}
