#include "finding/trial.h"

#include <algorithm>
#include <cmath>

namespace ftaudit {
namespace {

constexpr double alpha = 0.05;

// Fewer bad runs in `other` than chance explains. A twentieth itself counts: it is what three of three are beside none.
bool differs(const TriedRuns& bad, const TriedRuns& other) {
  return chance(bad.bad(), bad.runs(), other.bad(), other.runs()) <= alpha + 1e-9;
}

double log_choose(unsigned n, unsigned k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

struct Names {
  std::string_view key, title;
};
constexpr std::array<Names, 11> answers{{
    {"passes", "passes"},
    {"alone-only", "passes, not run by threads"},
    {"skipped", "not run"},
    {"fails-everywhere", "fails everywhere"},
    {"flaky", "flaky before the switch"},
    {"undecided", "too few runs to tell"},
    {"shares-state", "shares state anyway: the GIL does not help"},
    {"fails-on-this-interpreter", "fails on this interpreter, without threads"},
    {"hidden-race", "race that the GIL hid"},
    {"stands-still", "deadlock or hang"},
    {"crashes", "crash"},
}};

}  // namespace

std::string_view name_of(TriedPackage::State state) {
  switch (state) {
    case TriedPackage::State::without_c_part: return "without-c-part";
    case TriedPackage::State::other_version: return "other-version";
    case TriedPackage::State::cannot_install: return "cannot-install";
    case TriedPackage::State::cannot_install_anywhere: return "cannot-install-anywhere";
    case TriedPackage::State::installed: break;
  }
  return "installed";
}

std::optional<TriedPackage::State> tried_state_named(std::string_view name) {
  using enum TriedPackage::State;
  for (const auto one : {installed, without_c_part, other_version, cannot_install, cannot_install_anywhere})
    if (name_of(one) == name) return one;
  return std::nullopt;
}

std::string_view name_of(Way way) {
  constexpr std::array<std::string_view, ways> names{"gil", "alone", "threads", "control"};
  return names[static_cast<std::size_t>(way)];
}

std::string_view name_of(TriedAnswer answer) { return answers[static_cast<std::size_t>(answer)].key; }
std::optional<TriedAnswer> tried_answer_named(std::string_view name) {
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].key == name) return static_cast<TriedAnswer>(i);
  return std::nullopt;
}
std::string_view title_of(TriedAnswer answer) { return answers[static_cast<std::size_t>(answer)].title; }

bool stands_against(TriedAnswer answer) { return answer >= TriedAnswer::interpreter; }

double chance(unsigned bad, unsigned runs, unsigned other_bad, unsigned other_runs) {
  const unsigned all = runs + other_runs, all_bad = bad + other_bad;
  double sum = 0;
  for (unsigned k = bad; k <= std::min(runs, all_bad); ++k)
    if (all_bad - k <= other_runs)
      sum += std::exp(log_choose(runs, k) + log_choose(other_runs, all_bad - k) - log_choose(all, all_bad));
  return std::min(sum, 1.0);
}

TriedAnswer sorted(const TriedTest& test) {
  using enum TriedAnswer;
  const TriedRuns &gil = test.of(Way::gil), &alone = test.of(Way::alone), &threads = test.of(Way::threads),
                  &control = test.of(Way::control);
  if (gil.runs() + alone.runs() + threads.runs() + control.runs() == 0) return TriedAnswer::skipped;
  if (alone.runs() + threads.runs() == 0 && alone.skipped > 0) return TriedAnswer::skipped;
  const bool gil_bad = gil.bad() > 0 && gil.passed == 0, alone_bad = alone.bad() > 0 && alone.passed == 0;
  if (gil_bad && (alone_bad || alone.runs() == 0)) return fails_everywhere;
  if (gil.bad() > 0) return flaky;
  // Dying is no matter of rates: where it dies by threads and never with the GIL, that is what was seen.
  const bool dies_without = threads.crashed > 0 && control.runs() > 0 && control.crashed + gil.crashed == 0;
  if (alone.bad() > 0) {
    if (!differs(alone, gil)) return alone.crashed > 0 && dies_without ? crashes : undecided;
    return alone.crashed > 0 ? crashes : alone.stuck > 0 ? stands_still : interpreter;
  }
  if (threads.runs() == 0) return alone.runs() > 0 ? alone_only : undecided;
  if (threads.bad() == 0) return passes;
  if (threads.crashed > 0) return control.crashed > 0 ? shares_state : crashes;
  if (threads.stuck > 0) return control.stuck > 0 ? shares_state : control.runs() > 0 ? stands_still : undecided;
  if (differs(threads, control)) return hidden_race;
  return control.bad() > 0 ? shares_state : undecided;
}

bool in_doubt(const TriedTest& test) {
  const TriedAnswer answer = sorted(test);
  // Who fails by threads in either way may be one who fails at times anyhow: has it been alone often enough to know?
  constexpr unsigned often = 6;
  if (answer == TriedAnswer::shares_state || answer == TriedAnswer::hidden_race)
    return test.of(Way::gil).runs() + test.of(Way::alone).runs() < 2 * often;
  return answer == TriedAnswer::undecided;
}

bool stands_against(const Trial& trial) {
  return !trial.switched_on_by.empty() || std::ranges::any_of(trial.packages, [](const TriedPackage& one) {
    return one.state == TriedPackage::State::cannot_install && !one.for_tests;
  }) || std::ranges::any_of(trial.imports, [](const TriedImport& one) {
    return !one.problem.empty() && one.only_without;
  }) || std::ranges::any_of(trial.tests, [](const TriedTest& one) { return stands_against(one.answer); });
}

}  // namespace ftaudit
