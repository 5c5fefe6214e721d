// SuiteRounds: an application's suite in each of the four ways to run it, round by round within a budget, until every
// test can be sorted or the time is up. Says what was not looked at. Used by trial.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "dynamic/budget.h"
#include "dynamic/runs/runs.h"
#include "finding/trial.h"
#include "trial/tally.h"
#include "trial/witness.h"
#include "trial/worthwhile.h"

namespace ftaudit::trial {

struct RoundsRequest {
  dynamic::TestPlan plan;
  const Installed* gil = nullptr;
  const Installed* free = nullptr;
  unsigned rounds = 3;
  bool threads = true, control = true;
  bool forced = false;  // the GIL is held off, since something switches it on
  std::chrono::milliseconds silence{0};
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string&)> say;
};

struct Rounds {
  std::vector<TriedTest> tests;  // sorted, what stands against the application first
  std::vector<std::string> notes;
  bool forced = false;
  bool incomplete = false;
};

class SuiteRounds {
 public:
  SuiteRounds(const RoundsRequest& request, const Witness& witness, dynamic::Budget& budget, Progress& progress)
      : request_(request),
        witness_(witness),
        budget_(budget),
        progress_(progress),
        tally_(*request.gil, *request.free),
        forced_(request.forced) {}

  Rounds run();

 private:
  // One run in that way, for so long at most; one that `looks` tells which tests there are. False where there is no
  // going on.
  bool once(Way way, std::chrono::milliseconds limit, const dynamic::Choice& choice, bool looks = false);
  // Of the time that is left, beside what is still to come.
  std::chrono::milliseconds due(unsigned weight);
  // Those tests that no part had before, in all ways. False where there is no going on.
  bool part();
  bool rounds(const std::vector<std::string>& mine);
  bool settle_doubts();
  std::vector<std::string> environment(Way way, bool looks) const;

  const RoundsRequest& request_;
  const Witness& witness_;
  dynamic::Budget& budget_;
  Progress& progress_;
  Tally tally_;
  unsigned weight_left_ = 0;
  Worthwhile worth_{std::chrono::seconds(5)};  // of runs that settle doubts
  bool forced_ = false, part_unseen_ = false, none_found_ = false;
};

}  // namespace ftaudit::trial
