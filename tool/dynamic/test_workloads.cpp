// Campaign, the part that runs the project's own tests: once on the plain build, under ThreadSanitizer, by several
// threads, again and again.
#include <algorithm>

#include "base/text.h"
#include "dynamic/campaign.h"

namespace ftaudit::dynamic {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

using Clock = std::chrono::steady_clock;

void Campaign::plan_tests() {
  tests_.support = workspace_->folder() / "support";
  tests_.threads = request_.threads;
  tests_.command = request_.test_command;
  if (prepared_.tests) tests_.runner = prepared_.tests->runner, tests_.paths = prepared_.tests->paths;
  if (const Status written = write_test_support(tests_); !written)
    note(written.message()), tests_.runner = Runner::none, tests_.command.clear();
  has_tests_ = tests_.runner != Runner::none || !tests_.command.empty();
  if (!has_tests_ && prepared_.tests)
    tell("no tests were found in this project; --test-command says how to run them where they are elsewhere");
}

void Campaign::run_baseline() {
  recorded_ = workspace_->folder() / "recorded";
  std::error_code ignored;
  fs::create_directories(recorded_, ignored);
  if (!prepared_.plain || !has_tests_ ||
      !(wants("tests") || wants("parallel") || wants("repeats") || wants("stress")) || !prepared_.tests)
    return;
  auto driver = StressDriver::write(workspace_->folder() / "recorder");
  const std::vector<std::string> recording = driver && tests_.command.empty()
                                                 ? driver->recording(prepared_.plain->names, recorded_)
                                                 : std::vector<std::string>();
  progress_.stage("the tests on the plain build", 0);
  baseline_ = run_tests(*observer_, *prepared_.plain, tests_, TestStyle::as_is, share("baseline"), request_.patience,
                        recording);
  progress_.finish();
  tell("the tests on the plain build: " + baseline_->describe() + news());
}

milliseconds Campaign::patience() const {
  // Of a test that says nothing: ThreadSanitizer makes it up to thirty times slower.
  const milliseconds plain = baseline_ ? baseline_->lasted : milliseconds(0);
  return std::clamp<milliseconds>(plain * 10, request_.patience, request_.patience * 5);
}

void Campaign::run_suite() { run_sanitized_tests("tests", "the tests under ThreadSanitizer", TestStyle::as_is); }

void Campaign::run_parallel() {
  if (tests_.command.empty())
    run_sanitized_tests("parallel", "each test by several threads under ThreadSanitizer", TestStyle::parallel);
}

void Campaign::run_sanitized_tests(const char* workload, const char* what, TestStyle style) {
  if (!has_tests_ || !prepared_.sanitized || !wants(workload) || stopped()) return;
  progress_.stage(what, 0);
  const TestRun run = run_tests(*observer_, *prepared_.sanitized, tests_, style, share(workload), patience());
  progress_.finish();
  tell(std::string(what) + ": " + run.describe() + new_failures(run) + news());
}

std::string Campaign::new_failures(const TestRun& run) const {
  if (!baseline_) return {};
  std::vector<std::string> fresh;
  for (const std::string& test : run.failing)
    if (std::find(baseline_->failing.begin(), baseline_->failing.end(), test) == baseline_->failing.end())
      fresh.push_back(test);
  if (fresh.empty()) return {};
  const std::size_t all = fresh.size();
  if (all > 3) fresh.resize(3);
  return "; failing only here: " + join(fresh, ", ") + (all > 3 ? " and " + std::to_string(all - 3) + " more" : "");
}

void Campaign::run_repeats() {
  if (!wants("repeats") || !has_tests_ || !prepared_.plain || stopped()) return;
  const milliseconds limit = share("repeats");
  const auto end = Clock::now() + limit;
  const TestStyle style = tests_.command.empty() ? TestStyle::parallel : TestStyle::as_is;
  std::size_t rounds = 0, bad = 0;
  std::string first_problem;
  std::set<std::string> failing;
  progress_.stage("repeats on the plain build", 0);
  while (!stopped() && rounds < 50) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left < 2s) break;
    progress_.step(rounds, "round " + std::to_string(rounds + 1));
    const TestRun run = run_tests(*observer_, *prepared_.plain, tests_, style, left, request_.patience);
    if (run.cut_short && rounds > 0) break;
    ++rounds;
    failing.insert(run.failing.begin(), run.failing.end());
    if (!run.given_up.empty() || !run.problem.empty()) ++bad;
    if (first_problem.empty()) first_problem = !run.given_up.empty() ? run.given_up.front() : run.problem;
    if (!run.problem.empty() && run.passed == 0) break;
  }
  progress_.finish();
  if (baseline_)
    for (const std::string& test : baseline_->failing) failing.erase(test);
  std::string text = counted(rounds, "repeat") + " on the plain build, each test by several threads";
  if (style == TestStyle::as_is) text = counted(rounds, "repeat") + " on the plain build";
  if (bad != 0) text += ": " + std::to_string(bad) + " did not end well, the first: " + first_problem;
  if (!failing.empty())
    text += ": " + counted(failing.size(), "test") + " failed that otherwise " +
            (failing.size() == 1 ? "passes" : "pass") + ", among them " + *failing.begin();
  if (bad == 0 && failing.empty()) text += ": nothing new";
  tell(text + news());
}

}  // namespace ftaudit::dynamic
