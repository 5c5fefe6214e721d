// What pairs of neighbouring samples say about a ratio: the median of their quotients, how far it may be off, and
// whether that is an answer. Pure; the same samples give the same interval. Used by comparison.
#pragma once

#include <span>
#include <vector>

#include "finding/measurement.h"

namespace ftaudit::trial {

struct Pair {
  double with_gil = 0, without = 0;  // both above zero
};

// Below this many pairs nothing is said: fewer could not be sure enough (see answer_of).
constexpr std::size_t fewest_pairs = 12;

double median_of(std::vector<double> values);

// The median quotient without/with_gil and where it lies with 95 %: percentiles of the medians of 4,000 samples drawn
// from the pairs with replacement, always the same draws. Expects at least one pair.
MeasuredRatio ratio_of(std::span<const Pair> pairs);

// equal: the whole interval within 3 % of one. more or less: beyond one by more than 1 % even at the end of an interval
// that misses the median in one of a thousand cases, or in twenty comparisons of a thing with itself one would differ.
// That one is of order statistics, exact for every distribution (Conover, Practical Nonparametric Statistics, 3.2);
// drawn ones are too narrow for a dozen pairs. Else it cannot be told.
MeasuredAnswer answer_of(std::span<const Pair> pairs);

}  // namespace ftaudit::trial
