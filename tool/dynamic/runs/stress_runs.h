// The directed stress driver as a workload: a survey of what can be called, then one scenario a process, those that
// findings name first, until the time is up. Used by confirmation.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "dynamic/runs/observer.h"
#include "dynamic/runs/stress_driver.h"
#include "dynamic/runs/stress_plan.h"

namespace ftaudit::dynamic {

class StressRuns {
 public:
  // Writes driver and plan below `folder` and surveys with the plain build (`variant`). Errors: the driver cannot be
  // written, or the survey came to nothing; then there is no stress.
  static Result<StressRuns> prepare(const fs::path& folder, const StressPlan& plan, Observer& observer,
                                    const Variant& variant, std::chrono::milliseconds limit);

  struct Outcome {
    std::size_t run = 0, of = 0;  // scenarios
    std::size_t crashed = 0, hung = 0;
    std::chrono::milliseconds lasted{0};
  };
  struct Request {
    std::chrono::milliseconds limit{0};
    double slower = 1;  // how many times the seconds of a scenario this build gets
    std::function<bool(const Scenario&)> wanted;
    std::vector<std::string> suppressed;
    bool all = false;  // the limit is shared out, so that each comes to run, however short
  };
  // Runs those of the scenarios that are wanted, those first that ran least often on that build, in their order.
  Outcome run(Observer& observer, const Variant& variant, const Request& request, Progress& progress);

  // Runs the scenario of a sighting once more, with the GIL on as a control or without; whether the process ended in
  // that way again. Nothing that it shows counts. nullopt where the sighting is of no scenario, or it could not be run.
  std::optional<bool> again(Observer& observer, const Variant& variant, const Sighting& sighting, bool gil,
                            std::chrono::milliseconds limit) const;

  const Survey& survey() const { return survey_; }
  const fs::path& survey_file() const { return survey_file_; }
  // The scenario that a sighting's workload names; nullptr for other workloads.
  const Scenario* scenario_of(const Sighting& sighting) const;
  static std::string workload_name(const Scenario& scenario) { return "stress: " + scenario.title; }

 private:
  StressRuns(StressDriver driver, fs::path folder, std::uint64_t seed)
      : driver_(std::move(driver)), folder_(std::move(folder)), seed_(seed) {}
  StressDriver driver_;
  fs::path folder_, survey_file_;
  std::uint64_t seed_;
  Survey survey_;
  std::map<std::string, unsigned> rounds_;  // by build and scenario: how often it was run
};

}  // namespace ftaudit::dynamic
