// The project's own tests as a workload: as they are, every test by several threads at once, or again and again on the
// plain build. A test that hangs or crashes ends its process; it is noted, left out, and the rest goes on behind it.
// Used by confirmation, and by trial, which starts the processes its own way.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "dynamic/build/build.h"
#include "dynamic/runs/observer.h"

namespace ftaudit::dynamic {

struct TestPlan {
  Runner runner = Runner::none;
  std::vector<std::string> paths;  // relative to the copy; empty: the runner looks
  std::string command;             // --test-command: a shell's line, in place of the runner
  fs::path support;                // folder the plugin and the runner's programs are written to
  unsigned threads = 4;            // of each test in parallel runs
  unsigned restarts = 8;           // behind tests that took their process along
};

enum class TestStyle { as_is, parallel };

// How one test ended, where its process lived to say so.
struct TestOutcome {
  enum class Kind : std::uint8_t { passed, failed, skipped };
  Kind kind = Kind::passed;
  std::string what, where;  // of a failure: "ValueError: no such team", "roster.py:12"; "" where nobody asked
};

// What stands for a test where all of them are over, and the process is not.
inline constexpr std::string_view end_of_session = "the end of the session";

// A test that took its process along.
struct Fallen {
  std::string test;  // "" before the first one
  Ending ending;
};

struct TestRun {
  std::size_t passed = 0, failed = 0, skipped = 0;
  std::vector<std::string> failing;   // ids of tests that failed
  std::vector<std::string> given_up;  // "tests/test_x.py::test_y: hung after 60 s"; left out of the rest
  std::string problem;  // why there is no result at all: "no tests were found", "the run crashed at import"
  std::chrono::milliseconds lasted{0};
  bool none_found = false;  // of any test; `problem` says so
  bool cut_short = false;   // the time was up, or it was interrupted
  std::string unfinished;   // the test it was in then
  std::map<std::string, TestOutcome> outcomes;
  std::vector<Fallen> fallen;
  // One sentence for people: "212 passed, 3 failed in 41 s".
  std::string describe() const;
};

// Where a suite is run, and under which name its files in the support folder go.
struct SuitePlace {
  fs::path python;  // of the environment
  fs::path source;  // the copy of the project
  std::string name;
};
// Starts one process of the suite and watches it to its end.
using Launch = std::function<Result<Ending>(const Observed& what, const std::string& shown_command)>;

// Writes the plugin for pytest and the runner of unittest into plan.support.
Status write_test_support(const TestPlan& plan);

// `only`, `first`, `without`: tests, those alone, those whose files come first, those that are left out; empty: all, in
// their order.
struct Choice {
  std::vector<std::string> only, first, without;
};
TestRun run_suite(const Launch& launch, const SuitePlace& place, const TestPlan& plan, TestStyle style,
                  std::chrono::milliseconds limit, std::chrono::milliseconds silence,
                  const std::vector<std::string>& environment, const Choice& choice = {});

// Runs the suite on that build. `extra`: environment beside the variant's. `silence`: how long a test may say nothing.
TestRun run_tests(Observer& observer, const Variant& variant, const TestPlan& plan, TestStyle style,
                  std::chrono::milliseconds limit, std::chrono::milliseconds silence,
                  const std::vector<std::string>& extra = {});

}  // namespace ftaudit::dynamic
