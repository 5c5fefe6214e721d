// Tally: how each test of a suite has ended so far, in each way to run it, and whose code it fell in: a whole table at
// any moment, so that an interruption leaves one. Beside the tests stand the suite as a whole (it could not be started)
// and what comes after its last test. Used by suite_rounds.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dynamic/runs/runs.h"
#include "finding/trial.h"
#include "trial/guilt.h"

namespace ftaudit::trial {

inline constexpr std::string_view the_suite = "(the suite as a whole)";
inline constexpr std::string_view the_end = "(after the last test)";

class Tally {
 public:
  Tally(const Installed& gil, const Installed& free) : gil_(gil), free_(free) {}

  // What a run in that way gave. `single`: of the plugin, the tests that were not run by several threads, and why.
  void add(Way way, dynamic::TestRun run, const fs::path& single);
  // Which compiled packages the tests enter, as the plugin wrote it.
  void read_entered(const fs::path& file);

  std::vector<std::string> that(const std::function<bool(const TriedTest&)>& wanted) const;
  // Those and what shares a file with them, without what is settled and costs a process each time. Empty where that
  // means all of the suite.
  std::vector<std::string> with_neighbours(const std::vector<std::string>& names) const;

  // Sorted, what stands against the application first.
  std::vector<TriedTest> tests() const;

 private:
  void count(Way way, const std::string& test, const dynamic::TestOutcome& outcome);
  void fell(Way way, const std::string& test, const dynamic::Ending& ending);
  std::set<std::string> read_single(const fs::path& file);
  TriedTest& test(std::string_view name);

  Owners gil_, free_;
  std::map<std::string, TriedTest, std::less<>> tests_;
};

}  // namespace ftaudit::trial
