// The campaign of one confirmation: the workloads, and what they share: the builds, the observer, the budget. Which
// come when, and what each is due, stands in campaign.cpp; those that run the project's tests are in
// test_workloads.cpp, those of the stress driver in stress_workloads.cpp. Private to these.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dynamic/budget.h"
#include "dynamic/confirmation.h"
#include "dynamic/evidence/evidence.h"
#include "dynamic/preparation.h"
#include "dynamic/runs/runs.h"

namespace ftaudit::dynamic {

// "4.2 s"
std::string in_seconds(std::chrono::milliseconds time);

class Campaign {
 public:
  Campaign(const ConfirmationRequest& request, Document& document, Progress& progress)
      : request_(request),
        document_(document),
        progress_(progress),
        began_(std::chrono::steady_clock::now()),
        budget_(request.budget),
        lines_(document.root) {}

  Status run();

 private:
  // What is run, in its order. Of what is left of the budget each gets its share, by weight.
  struct Workload {
    std::string_view name;
    std::string_view asked;  // as users name it; what is not asked for needs no share. "": always
    unsigned weight;
    void (Campaign::*run)();
  };
  static std::span<const Workload> workloads();

  Status run_all();
  bool wants(const std::string& workload) const { return request_.workloads.contains(workload); }
  bool stopped() const { return request_.stop != nullptr && request_.stop->load(); }
  // What is due to a workload now, when all after it that are wanted are still to come.
  std::chrono::milliseconds share(std::string_view name) const;
  std::vector<std::string> module_names() const;
  Status observe();
  void note_gil();

  void announce(const Sighting& seen);
  // What was new since the last time it was asked, for the end of a sentence.
  std::string news();
  void note(const std::string& text) { document_.notes.push_back(text); }
  // In the report and, as it comes, on the screen.
  void tell(const std::string& text) {
    note(text);
    request_.say(text);
  }

  void plan_tests();
  // Once at full speed, for what the tests take, what fails anyway, and the calls they make, which the stress driver
  // repeats.
  void run_baseline();
  void run_suite();
  void run_parallel();
  void run_repeats();
  void run_sanitized_tests(const char* workload, const char* what, TestStyle style);
  std::chrono::milliseconds patience() const;
  // Tests that pass on the plain build, alone, and fail here.
  std::string new_failures(const TestRun& run) const;

  void prepare_stress();
  // What happens once in a process, a first use, gets several chances.
  void run_directed();
  // Each operation of each type once in the first half of the time, whatever the findings say.
  void run_sweep();
  void run_pairs();
  // What was found already no longer hides what was not.
  void run_unmasked();
  void run_controls();
  void prove_what_was_seen();
  void run_stress(const char* what, const Variant& variant, StressRuns::Request request, unsigned passes = 1);
  // Whether nothing has shown a finding yet.
  bool is_open(const std::string& fingerprint) const;
  bool aims_at_open(const Scenario& scenario) const;

  const ConfirmationRequest& request_;
  Document& document_;
  Progress& progress_;
  std::chrono::steady_clock::time_point began_;
  Budget budget_;
  mutable SourceLines lines_;
  Prepared prepared_;
  std::optional<Workspace> workspace_;
  std::optional<Observer> observer_;
  std::optional<StressRuns> stress_;
  TestPlan tests_;
  bool has_tests_ = false;
  fs::path recorded_;
  std::optional<TestRun> baseline_;
  std::optional<std::chrono::milliseconds> first_;
  std::size_t fresh_ = 0;
  std::map<std::string, unsigned> shown_;  // by workload
};

}  // namespace ftaudit::dynamic
