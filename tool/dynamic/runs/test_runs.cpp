#include "dynamic/runs/test_runs.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/text.h"
#include "dynamic/runtime/entered.h"
#include "dynamic/runtime/parallel_unittest.h"
#include "dynamic/runtime/pytest_progress.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::string seconds(std::chrono::milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, time < 10s ? "%.1f s" : "%.0f s", static_cast<double>(time.count()) / 1000);
  return text;
}

std::string last_line_of(const std::string& text) {
  const std::string_view trimmed = trim(text);
  return std::string(trim(trimmed.substr(trimmed.rfind('\n') + 1)));
}

class Suite {
 public:
  Suite(const Launch& launch, const SuitePlace& place, const TestPlan& plan, TestStyle style,
        std::chrono::milliseconds limit, std::chrono::milliseconds silence, const std::vector<std::string>& extra,
        const Choice& choice)
      : launch_(launch),
        place_(place),
        plan_(plan),
        style_(style),
        end_(Clock::now() + limit),
        silence_(silence),
        extra_(extra),
        done_(choice.without.begin(), choice.without.end()) {
    progress_ = file("progress"), left_out_ = file("leave-out"), outcomes_ = file("outcomes"),
    failures_ = file("failures");
    list(file("only"), choice.only), list(file("first"), choice.first), list(left_out_, choice.without);
  }

  TestRun run() {
    const auto began = Clock::now();
    for (unsigned attempt = 0; attempt <= plan_.restarts; ++attempt)
      if (!go_on()) break;
    run_.lasted = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    return std::move(run_);
  }

 private:
  fs::path file(const char* what) const { return plan_.support / (place_.name + "." + what); }

  // An empty list is no file.
  static void list(const fs::path& path, const std::vector<std::string>& tests) {
    std::error_code ignored;
    fs::remove(path, ignored);
    if (tests.empty()) return;
    std::ofstream out(path);
    for (const std::string& test : tests) out << test << "\n";
  }

  std::vector<std::string> command() const {
    const std::string python = place_.python.string();
    if (!plan_.command.empty()) return {"/bin/sh", "-c", plan_.command};
    std::vector<std::string> argv;
    if (plan_.runner == Runner::unittest) {
      argv = {python, (plan_.support / "parallel_unittest.py").string(),
              style_ == TestStyle::parallel ? std::to_string(plan_.threads) : "1"};
    } else {
      argv = {python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "ftaudit_pytest_progress"};
      // What is said on descriptor 2 when a process dies (an assertion, the heap's complaint, the stack of the crash)
      // would be lost in pytest's own file.
      argv.push_back("--capture=sys");
      if (style_ == TestStyle::parallel)
        argv.insert(argv.end(), {"--parallel-threads=" + std::to_string(plan_.threads), "--ignore-gil-enabled"});
      // The project's own options may ask for plugins nobody could install, for coverage, or for several processes.
      if (style_ == TestStyle::parallel || without_options_) argv.insert(argv.end(), {"-o", "addopts="});
      if (continue_on_errors_) argv.push_back("--continue-on-collection-errors");
    }
    argv.insert(argv.end(), plan_.paths.begin(), plan_.paths.end());
    return argv;
  }

  std::vector<std::string> environment() const {
    std::vector<std::string> out{"FTAUDIT_PROGRESS=" + progress_.string(),
                                 "FTAUDIT_DESELECT=" + left_out_.string(),
                                 "FTAUDIT_OUTCOMES=" + outcomes_.string(),
                                 "FTAUDIT_FAILURES=" + failures_.string(),
                                 "FTAUDIT_ONLY=" + file("only").string(),
                                 "FTAUDIT_FIRST=" + file("first").string(),
                                 "VIRTUAL_ENV=" + place_.python.parent_path().parent_path().string()};
    const char* path = std::getenv("PATH");
    out.push_back("PATH=" + place_.python.parent_path().string() + ":" + (path != nullptr ? path : "/usr/bin:/bin"));
    // The recorder is found through PYTHONPATH, too.
    std::string packages = plan_.support.string();
    for (const std::string& one : extra_) {
      if (one.starts_with("PYTHONPATH=")) packages += ":" + one.substr(one.find('=') + 1);
      else out.push_back(one);
    }
    out.push_back("PYTHONPATH=" + packages);
    return out;
  }

  // One process. True when another one is to go on with what it left.
  bool go_on() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now());
    if (left < 1s || stopped_) {
      run_.cut_short = true;
      return false;
    }
    std::error_code ignored;
    for (const fs::path& old : {progress_, outcomes_, failures_}) fs::remove(old, ignored);
    std::ofstream(progress_) << "";
    const bool known_steps = plan_.command.empty();
    const auto ending = launch_({.argv = command(),
                                 .folder = place_.source,
                                 .environment = environment(),
                                 .timeout = left,
                                 .silence = silence_,
                                 .progress_file = known_steps ? progress_ : fs::path()},
                                shown_command());
    if (!ending) {
      run_.problem = ending.message();
      return false;
    }
    return judge(*ending);
  }

  bool judge(const Ending& ending) {
    const std::vector<std::string> started = tests_started();
    take_outcomes();
    if (ending.kind == Ending::Kind::exited) return judge_exit(ending);
    if (ending.kind == Ending::Kind::interrupted) {
      run_.cut_short = stopped_ = true;
      return false;
    }
    const std::string at = started.empty() ? "" : started.back();
    const bool time_was_up = ending.kind == Ending::Kind::timed_out && Clock::now() >= end_ - 200ms;
    if (time_was_up) {
      run_.cut_short = true, run_.unfinished = at == end_of_session ? "" : at;
      return false;
    }
    if (at.empty()) {
      run_.fallen.push_back({plan_.command, ending});
      run_.problem =
          plan_.command.empty() ? "the run ended before the first test: " + ending.describe() : ending.describe();
      return false;
    }
    if (at == end_of_session) {
      // All tests were run; only the way out went wrong.
      run_.given_up.push_back("after the last test: " + ending.describe());
      run_.fallen.push_back({at, ending});
      return false;
    }
    run_.given_up.push_back(at + ": " + ending.describe());
    run_.fallen.push_back({at, ending});
    done_.insert(started.begin(), started.end());
    list(left_out_, {done_.begin(), done_.end()});
    return true;
  }

  bool judge_exit(const Ending& ending) {
    const std::string said = last_line_of(ending.out_tail.empty() ? ending.err_tail : ending.out_tail);
    if (!plan_.command.empty()) {
      if (ending.exit_code == 0) run_.passed = 1, run_.outcomes[plan_.command] = {};
      else
        run_.outcomes[plan_.command] = {.kind = TestOutcome::Kind::failed,
                                        .what = said.empty() ? ending.describe() : said},
        run_.problem = "`" + plan_.command + "` ended with exit code " + std::to_string(ending.exit_code) +
                       (said.empty() ? "" : ": " + said);
      return false;
    }
    const bool is_pytest = plan_.runner == Runner::pytest;
    // pytest: 0 passed, 1 failed, 2 stopped (by errors while collecting), 3 its own error, 4 usage, 5 nothing
    // collected.
    if (is_pytest && ending.exit_code == 4 && !without_options_) return without_options_ = true;
    if (is_pytest && ending.exit_code == 2 && !continue_on_errors_) return continue_on_errors_ = true;
    if (ending.exit_code == 5 && done_.empty() && run_.passed + run_.failed + run_.skipped == 0)
      run_.problem = "no tests were found", run_.none_found = true;
    else if (is_pytest && ending.exit_code != 0 && ending.exit_code != 5 && run_.passed + run_.failed == 0)
      run_.problem = "pytest could not run the tests: " + problem_in(ending);
    else if (!is_pytest && ending.exit_code != 0 && run_.passed + run_.failed == 0)
      run_.problem = said.empty() ? ending.describe() : said;
    if (run_.passed == 0 && run_.failed > 0 && run_.problem.empty()) run_.problem = exception_in(ending);
    return false;
  }

  // "ModuleNotFoundError: No module named 'spam'": the last exception told, where every test fails.
  static std::string exception_in(const Ending& ending) {
    std::string last;
    for (const std::string* text : {&ending.err_tail, &ending.out_tail})
      for (const std::string& raw : split(*text, '\n')) {
        std::string_view line = trim(raw);
        if (line.starts_with("E   ")) line = trim(line.substr(4));
        const std::size_t end = line.find("Error: ");
        if (end != std::string_view::npos && line.substr(0, end).find_first_of(" \"'") == std::string_view::npos)
          last = line;
      }
    return last;
  }

  static std::string problem_in(const Ending& ending) {
    for (const std::string* text : {&ending.out_tail, &ending.err_tail})
      for (const std::string& raw : split(*text, '\n')) {
        const std::string_view line = trim(raw);
        if (line.starts_with("E   ") || line.starts_with("ERROR") || line.find("rror: ") != std::string_view::npos)
          return std::string(trim(line.substr(line.starts_with("E   ") ? 4 : 0)));
      }
    return ending.describe();
  }

  std::vector<std::string> tests_started() const {
    std::vector<std::string> out;
    const auto text = read_file(progress_, 64u << 20);
    if (text)
      for (const std::string& line : split(*text, '\n'))
        if (!line.empty()) out.push_back(line);
    return out;
  }

  // "passed tests/test_a.py::test_b" a line, as they came; a test that failed in any way has failed.
  void take_outcomes() {
    const auto text = read_file(outcomes_, 64u << 20);
    if (!text) return;
    std::map<std::string, std::string> ended;
    for (const std::string& line : split(*text, '\n')) {
      const std::size_t blank = line.find(' ');
      if (blank == std::string::npos) continue;
      std::string& outcome = ended[line.substr(blank + 1)];
      if (outcome != "failed") outcome = line.substr(0, blank);
    }
    using Kind = TestOutcome::Kind;
    for (const auto& [test, outcome] : ended) {
      const Kind kind = outcome == "passed" ? Kind::passed : outcome == "skipped" ? Kind::skipped : Kind::failed;
      ++(kind == Kind::passed ? run_.passed : kind == Kind::skipped ? run_.skipped : run_.failed);
      if (kind == Kind::failed) run_.failing.push_back(test);
      run_.outcomes[test].kind = kind;
    }
    take_failures();
  }

  // What the first failure of each test said.
  void take_failures() {
    const auto text = read_file(failures_, 64u << 20);
    if (!text) return;
    for (const std::string& line : split(*text, '\n')) {
      const auto told = nlohmann::json::parse(line, nullptr, false);
      if (!told.is_object()) continue;
      const auto outcome = run_.outcomes.find(told.value("test", ""));
      if (outcome == run_.outcomes.end() || !outcome->second.what.empty()) continue;
      outcome->second.what = told.value("what", ""), outcome->second.where = told.value("where", "");
    }
  }

  std::string shown_command() const {
    std::vector<std::string> argv = command();
    if (!plan_.command.empty()) return plan_.command;
    argv[0] = "python";
    std::erase(argv, "ftaudit_pytest_progress");
    return join(argv, " ");
  }

  const Launch& launch_;
  const SuitePlace& place_;
  const TestPlan& plan_;
  TestStyle style_;
  Clock::time_point end_;
  std::chrono::milliseconds silence_;
  const std::vector<std::string>& extra_;
  fs::path progress_, left_out_, outcomes_, failures_;
  bool without_options_ = false, continue_on_errors_ = false, stopped_ = false;
  std::set<std::string> done_;
  TestRun run_;
};

}  // namespace

std::string TestRun::describe() const {
  std::string out;
  if (!problem.empty() && passed + failed == 0) out = problem;
  else {
    out = counted(passed, "passed", "passed");
    if (failed != 0) out += ", " + std::to_string(failed) + " failed";
    if (skipped != 0) out += ", " + std::to_string(skipped) + " skipped";
    if (!problem.empty()) out += "; " + problem;
  }
  for (const std::string& one : given_up) out += "; " + one;
  if (cut_short) out += "; cut short when the time was up" + (unfinished.empty() ? "" : ", in " + unfinished);
  return out + " (" + seconds(lasted) + ")";
}

Status write_test_support(const TestPlan& plan) {
  std::error_code failed;
  fs::create_directories(plan.support, failed);
  for (const auto& [name, text] : {std::pair{"ftaudit_pytest_progress.py", runtime::pytest_progress},
                                   {"parallel_unittest.py", runtime::parallel_unittest},
                                   {"ftaudit_entered.py", runtime::entered}})
    if (const Status written = write_file(plan.support / name, text); !written) return written;
  return Done{};
}

TestRun run_suite(const Launch& launch, const SuitePlace& place, const TestPlan& plan, TestStyle style,
                  std::chrono::milliseconds limit, std::chrono::milliseconds silence,
                  const std::vector<std::string>& environment, const Choice& choice) {
  return Suite(launch, place, plan, style, limit, silence, environment, choice).run();
}

TestRun run_tests(Observer& observer, const Variant& variant, const TestPlan& plan, TestStyle style,
                  std::chrono::milliseconds limit, std::chrono::milliseconds silence,
                  const std::vector<std::string>& extra) {
  const bool parallel = style == TestStyle::parallel;
  const std::string workload = !variant.sanitized() ? "the tests on the plain build"
                               : parallel           ? "the tests, each by " + std::to_string(plan.threads) + " threads"
                                                    : "the tests";
  const Launch launch = [&](const Observed& what, const std::string& shown) -> Result<Ending> {
    if (observer.stopped()) return Ending{.kind = Ending::Kind::interrupted};
    const auto observed = observer.run(variant, what, {.workload = workload, .command = shown});
    if (!observed) return observed.error();
    if (!observed->trouble.empty()) log::info("ThreadSanitizer: " + observed->trouble.front());
    return observed->ending;
  };
  const SuitePlace place{variant.python, variant.source,
                         std::string(name_of(variant.mode)) + (parallel ? "-parallel" : "")};
  return run_suite(launch, place, plan, style, limit, silence, extra);
}

}  // namespace ftaudit::dynamic
