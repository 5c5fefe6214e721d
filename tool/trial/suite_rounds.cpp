#include "trial/suite_rounds.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace ftaudit::trial {
namespace {

using dynamic::Choice;
using dynamic::TestRun;
using Names = std::vector<std::string>;

// How much of the time a run in each way is due, beside the others, and the settling of doubts at the end.
constexpr unsigned weight_of_alone = 2, weight_of_threads = 5, weight_of_control = 3, weight_of_doubts = 6;
constexpr unsigned most_passes = 8;
constexpr std::chrono::seconds shortest_part{20};
// Behind so many tests that took their process along the rest of a run is left.
constexpr unsigned most_restarts = 64;
// A test that hangs costs its silence each time.
constexpr unsigned stuck_often_enough = 2;
constexpr std::size_t few_that_share = 24;

bool by_threads(Way way) { return way == Way::threads || way == Way::control; }

std::string title(Way way, unsigned threads) {
  const std::string each = ", each test by " + std::to_string(threads) + " threads";
  switch (way) {
    case Way::gil: return "with the GIL, on its own build";
    case Way::alone: return "without the GIL";
    case Way::threads: return "without the GIL" + each;
    case Way::control: return "the control, the GIL held on" + each;
  }
  return {};
}

bool fit_for_threads(const TriedTest& one) {
  return one.name != the_suite && one.name != the_end && one.of(Way::gil).bad() == 0 && one.of(Way::alone).bad() == 0 &&
         one.single.empty() && one.of(Way::gil).runs() + one.of(Way::alone).runs() > 0 &&
         one.of(Way::threads).stuck < stuck_often_enough && sorted(one) != TriedAnswer::shares_state;
}

// Fails by threads, and is not known yet to do so with the GIL on.
bool wants_control(const TriedTest& one) {
  return one.of(Way::threads).bad() > 0 && sorted(one) != TriedAnswer::shares_state;
}

// "37 tests: 20 use capsys, ...": the reasons most tests have.
std::string reasons(const std::map<std::string, std::size_t>& single) {
  std::vector<std::pair<std::string, std::size_t>> most(single.begin(), single.end());
  std::ranges::stable_sort(most, std::greater(), [](const auto& one) { return one.second; });
  std::size_t all = 0;
  Names told;
  for (const auto& [why, number] : most) {
    all += number;
    if (told.size() < 4) told.push_back(std::to_string(number) + ": " + why);
  }
  return counted(all, "test") + " (" + join(told, "; ") + (most.size() > told.size() ? "; ..." : "") + ")";
}

// What was not looked at, or has no answer.
void tell_what_is_missing(Rounds& out, bool threads) {
  std::size_t not_without = 0, not_by_threads = 0, undecided = 0, skipped = 0;
  std::map<std::string, std::size_t> single;
  for (const TriedTest& one : out.tests) {
    const bool ran = one.of(Way::gil).runs() > 0, ran_without = one.of(Way::alone).runs() > 0;
    if (ran && !ran_without && one.of(Way::alone).skipped > 0) ++skipped;
    else if (ran && !ran_without && one.answer != TriedAnswer::fails_everywhere) ++not_without;
    else if (one.answer == TriedAnswer::undecided) ++undecided;
    if (!one.single.empty()) ++single[one.single];
    else if (threads && one.answer == TriedAnswer::alone_only) ++not_by_threads;
  }
  const auto were = [](std::size_t n) { return counted(n, "test was", "tests were"); };
  if (!single.empty()) out.notes.push_back("not run by several threads: " + reasons(single));
  if (skipped > 0) out.notes.push_back(were(skipped) + " skipped without the GIL, and not with it");
  if (not_without > 0) out.notes.push_back(were(not_without) + " run with the GIL, and never without");
  if (not_by_threads > 0)
    out.notes.push_back(were(not_by_threads) +
                        " not run by several threads before the time was up: a larger --budget, or --tests PATH");
  if (undecided > 0)
    out.notes.push_back("for " + counted(undecided, "test") +
                        " there are too few runs to tell a difference from chance");
  out.incomplete = not_without + not_by_threads + undecided > 0;
  const auto ran = [&](Way way) {
    return std::ranges::any_of(out.tests, [&](const TriedTest& one) { return one.of(way).passed > 0; });
  };
  if (threads && ran(Way::alone) && !ran(Way::threads)) {
    out.notes.push_back(
        "no test was run by several threads, so nothing is known of races: of a service, --serve tries it");
    out.incomplete = true;
  }
}

}  // namespace

Rounds SuiteRounds::run() {
  while (part() && part_unseen_ && budget_.left() > shortest_part) {}
  Rounds out{.tests = tally_.tests(), .forced = forced_};
  tell_what_is_missing(out, request_.threads);
  if (none_found_) {
    const Names& paths = request_.plan.paths;
    out.notes.push_back(std::string(dynamic::name_of(request_.plan.runner)) + " finds no tests" +
                        (paths.empty() ? "" : " in " + join(paths, ", ")) + ": --tests PATH, or --test-command");
    out.incomplete = true;
  }
  if (part_unseen_) {
    out.notes.push_back("not all of the suite was seen before the time was up: a larger --budget, or --tests PATH");
    out.incomplete = true;
  }
  return out;
}

// The first run shows what there is to try, and how long it takes: a third of the time is for it. What it came to is
// tried in every way; where time is left then, the rest of the suite follows.
bool SuiteRounds::part() {
  const Names seen = tally_.that([](const TriedTest&) { return true; });
  if (!once(Way::gil, budget_.share(1, 2), {.without = seen}, true)) return false;
  tally_.read_entered(request_.plan.support / "entered");
  if (seen.empty() && !part_unseen_) return rounds({});
  // What could be laid beside nothing is not worth the time.
  const std::set<std::string> before(seen.begin(), seen.end());
  const Names mine =
      tally_.that([&](const TriedTest& one) { return one.of(Way::gil).runs() > 0 && !before.contains(one.name); });
  return !mine.empty() && rounds(mine);
}

// `mine`: those tests alone; empty: all.
bool SuiteRounds::rounds(const Names& mine) {
  const std::set<std::string> chosen(mine.begin(), mine.end());
  const auto those = [&](const std::function<bool(const TriedTest&)>& wanted) {
    return tally_.that(
        [&](const TriedTest& one) { return (chosen.empty() || chosen.contains(one.name)) && wanted(one); });
  };
  const unsigned number = request_.rounds;
  const bool control = request_.threads && request_.control;
  const Names first = those([](const TriedTest& one) { return !one.enters.empty(); });
  weight_left_ = (number - 1) * (weight_of_alone + (request_.threads ? weight_of_threads : 0) +
                                 (control ? weight_of_control : 0)) +
                 weight_of_doubts;
  for (unsigned round = 0; round < number; ++round) {
    // That all are run once in each way is worth more than that some are run more often: the first round has half of
    // the time, or more, at each step.
    const auto time = [&](unsigned weight, unsigned part) {
      return round > 0 ? due(weight) : budget_.share(part, request_.threads ? 2 : 1);
    };
    if (!once(Way::alone, time(weight_of_alone, 2), {.only = mine, .first = first})) return false;
    const Names fit = request_.threads ? those(fit_for_threads) : Names();
    if (!fit.empty() && !once(Way::threads, time(weight_of_threads, 3), {.only = fit, .first = first})) return false;
    // What fails with the GIL on as well is sorted by that, and need not be run again.
    const Names bad = control ? those(wants_control) : Names();
    if (!bad.empty() && !once(Way::control, time(weight_of_control, 3), {.only = tally_.with_neighbours(bad)}))
      return false;
  }
  return settle_doubts();
}

// Each pass runs what could still change an answer, in the ways that could.
bool SuiteRounds::settle_doubts() {
  for (unsigned pass = 0; pass < most_passes && worth_(budget_.left()); ++pass) {
    // Whether a few that share state are flaky is worth knowing; where most do, it is the manner of the suite.
    const Names sharing = tally_.that([](const TriedTest& one) { return sorted(one) == TriedAnswer::shares_state; });
    const bool few = sharing.size() <= few_that_share;
    const Names alone = tally_.that([&](const TriedTest& one) {
      const TriedAnswer answer = sorted(one);
      return in_doubt(one) && (few || answer != TriedAnswer::shares_state) &&
             (answer != TriedAnswer::undecided || one.of(Way::alone).bad() > 0);
    });
    const Names threads = tally_.that([&](const TriedTest& one) {
      return request_.control && in_doubt(one) && sorted(one) == TriedAnswer::undecided &&
             one.of(Way::alone).bad() == 0 && one.of(Way::threads).bad() > 0;
    });
    if (alone.empty() && threads.empty()) return true;
    weight_left_ = (alone.empty() ? 0 : 2) + (threads.empty() ? 0 : 2) + 2;
    for (const auto& [way, names] :
         {std::pair{Way::threads, &threads}, {Way::control, &threads}, {Way::gil, &alone}, {Way::alone, &alone}})
      if (!names->empty()) {
        const auto limit = due(1);
        if (!worth_(limit)) return true;
        if (!once(way, limit, {.only = tally_.with_neighbours(*names)})) return false;
      }
  }
  return true;
}

std::chrono::milliseconds SuiteRounds::due(unsigned weight) {
  weight_left_ -= std::min(weight, weight_left_);
  return budget_.share(weight, weight_left_);
}

bool SuiteRounds::once(Way way, std::chrono::milliseconds limit, const Choice& choice, bool looks) {
  if (*request_.stop) return false;
  const Installed& where = way == Way::gil ? *request_.gil : *request_.free;
  const std::string head = title(way, request_.plan.threads);
  progress_.stage("running the tests " + head, 0);
  const dynamic::Launch launch = [&](const dynamic::Observed& what, const std::string&) {
    return dynamic::watch({.argv = what.argv,
                           .folder = what.folder,
                           .environment = what.environment,
                           .timeout = what.timeout,
                           .silence = what.silence,
                           .memory_bytes = dynamic::half_the_memory(),
                           .progress_file = what.progress_file,
                           .stop = request_.stop});
  };
  dynamic::TestPlan plan = request_.plan;
  plan.restarts = most_restarts;
  TestRun run = dynamic::run_suite(launch, {where.python, where.source, std::string(name_of(way))}, plan,
                                   by_threads(way) ? dynamic::TestStyle::parallel : dynamic::TestStyle::as_is, limit,
                                   request_.silence, environment(way, looks), choice);
  progress_.finish();
  request_.say(head + (looks && !choice.without.empty() ? ", the rest" : "") + ": " + run.describe());
  if (looks) part_unseen_ = run.cut_short;
  const bool something = !run.outcomes.empty() || !run.fallen.empty();
  if (run.cut_short) worth_.learn(limit, something);
  if (run.none_found) return none_found_ = none_found_ || looks, !looks;
  tally_.add(way, std::move(run), by_threads(way) ? request_.plan.support / "single" : fs::path());
  if (!forced_ && way != Way::gil && !witness_.switched_on_by().empty()) {
    forced_ = true;
    request_.say("the GIL came back in that run; from here on it is held off (PYTHON_GIL=0)");
  }
  return !*request_.stop && (way != Way::gil || something);
}

// In every way sets have the same order, and the GIL is as the build has it unless it came back.
std::vector<std::string> SuiteRounds::environment(Way way, bool looks) const {
  std::vector<std::string> out = witness_.environment();
  out.insert(out.end(), {"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1"});
  const bool held_off = forced_ && (way == Way::alone || way == Way::threads);
  out.push_back(way == Way::control ? "PYTHON_GIL=1" : held_off ? "PYTHON_GIL=0" : "PYTHON_GIL");
  const fs::path& support = request_.plan.support;
  if (by_threads(way)) out.push_back("FTAUDIT_SINGLE=" + (support / "single").string());
  if (looks) {
    Names compiled;
    for (const Installed* each : {request_.gil, request_.free})
      for (const Distribution& one : each->distributions)
        if (!one.modules.empty()) compiled.insert(compiled.end(), one.top.begin(), one.top.end());
    out.push_back("FTAUDIT_ENTERED=" + (support / "entered").string());
    out.push_back("FTAUDIT_COMPILED=" + join(compiled, ","));
  }
  return out;
}

}  // namespace ftaudit::trial
