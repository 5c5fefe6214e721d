#include "trial/statistics.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace ftaudit::trial {
namespace {

constexpr std::size_t draws = 4000;

std::vector<double> logarithms(std::span<const Pair> pairs) {
  std::vector<double> out;
  for (const Pair& pair : pairs) out.push_back(std::log(pair.without / pair.with_gil));
  return out;
}

// How many of `n` may be left out at either end so that the median is still between the rest but in 0.1 % of all cases.
std::size_t left_out(std::size_t n) {
  double chance = std::pow(0.5, static_cast<double>(n)), tail = chance;  // of at most k below the median, k from 0
  std::size_t k = 0;
  while (k + 1 < n / 2) {
    chance *= static_cast<double>(n - k) / static_cast<double>(k + 1);
    if (2 * (tail + chance) > 0.001) break;
    tail += chance, ++k;
  }
  return k;
}

}  // namespace

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const std::size_t middle = values.size() / 2;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(middle));
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return (*std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle)) + upper) / 2;
}

MeasuredRatio ratio_of(std::span<const Pair> pairs) {
  const std::vector<double> all = logarithms(pairs);
  std::mt19937_64 source(20260101);
  std::vector<double> medians, drawn(all.size());
  for (std::size_t i = 0; i < draws; ++i) {
    // Not a distribution of the library: those may differ from one to the next.
    for (double& value : drawn) value = all[source() % all.size()];
    medians.push_back(median_of(drawn));
  }
  std::ranges::sort(medians);
  const auto at = [&](double part) {
    return std::exp(medians[static_cast<std::size_t>(std::lround(part * static_cast<double>(draws - 1)))]);
  };
  return {at(0.025), std::exp(median_of(all)), at(0.975), pairs.size()};
}

MeasuredAnswer answer_of(std::span<const Pair> pairs) {
  if (pairs.size() < fewest_pairs) return MeasuredAnswer::cannot_tell;
  const MeasuredRatio shown = ratio_of(pairs);
  if (shown.low >= 0.97 && shown.high <= 1.03) return MeasuredAnswer::equal;
  std::vector<double> all = logarithms(pairs);
  std::ranges::sort(all);
  const std::size_t k = left_out(all.size());
  if (all[k] > std::log(1.01)) return MeasuredAnswer::more;
  if (all[all.size() - 1 - k] < -std::log(1.01)) return MeasuredAnswer::less;
  return MeasuredAnswer::cannot_tell;
}

}  // namespace ftaudit::trial
