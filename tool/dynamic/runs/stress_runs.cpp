#include "dynamic/runs/stress_runs.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "dynamic/runs/reproducer.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
}

}  // namespace

Result<StressRuns> StressRuns::prepare(const fs::path& folder, const StressPlan& plan, Observer& observer,
                                       const Variant& variant, std::chrono::milliseconds limit) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  auto driver = StressDriver::write(folder / "driver");
  if (!driver) return driver.error();
  StressRuns out(std::move(*driver), folder, plan.seed);
  out.survey_file_ = folder / "survey.json";
  if (const Status written = write_plan(folder / "plan.json", plan); !written) return written.error();
  const Invocation call = out.driver_.survey(variant.python, folder / "plan.json", out.survey_file_);
  // It supervises children of its own, which crash where calls do; what it says is in the survey and nowhere else.
  const auto done = observer.run(variant,
                                 {.argv = call.argv,
                                  .folder = folder,
                                  .environment = call.environment,
                                  .timeout = limit,
                                  .silence = std::max<std::chrono::milliseconds>(limit / 2, 30s),
                                  .progress_file = call.progress_file,
                                  .park = 0ms},
                                 {.workload = "survey"}, false);
  if (!done) return done.error();
  auto survey = read_survey(out.survey_file_);
  if (!survey) {
    std::string said(trim(done->ending.err_tail));
    if (const std::size_t line = said.rfind('\n'); line != std::string::npos) said = said.substr(line + 1);
    return Error{"the stress driver could not find out what can be called (" + done->ending.describe() +
                 (said.empty() ? "" : ": " + said) + ")"};
  }
  out.survey_ = std::move(*survey);
  return out;
}

StressRuns::Outcome StressRuns::run(Observer& observer, const Variant& variant, const Request& request,
                                    Progress& progress) {
  const auto began = Clock::now();
  Outcome out;
  std::vector<const Scenario*> chosen;
  for (const Scenario& scenario : survey_.scenarios)
    if (request.wanted(scenario)) chosen.push_back(&scenario);
  // What was run least often comes first, so that a second round repeats nothing before the first is through.
  const std::string build(name_of(variant.mode));
  std::stable_sort(chosen.begin(), chosen.end(), [&](const Scenario* a, const Scenario* b) {
    return rounds_[build + a->id] < rounds_[build + b->id];
  });
  out.of = chosen.size();
  for (std::size_t number = 0; number < chosen.size(); ++number) {
    const Scenario* scenario = chosen[number];
    const auto left = request.limit - since(began);
    if (left < 2s || observer.stopped()) break;
    if (!request.wanted(*scenario)) continue;  // what it was for has been shown meanwhile
    progress.step(out.run, scenario->title);
    const unsigned round = rounds_[build + scenario->id]++;
    // Half of an equal part, for processes must start, too.
    const double part = request.all ? 0.5 / static_cast<double>(chosen.size() - number) : 0.9;
    const double seconds =
        std::min(scenario->seconds * request.slower, std::chrono::duration<double>(left).count() * part);
    const fs::path result = folder_ / (build + "-" + scenario->id + ".json");
    // Silence is a hang; the end of the time is not, so it never makes the silence shorter. Each round of an act tells
    // itself.
    const auto silence = std::max<std::chrono::milliseconds>(
        std::chrono::milliseconds(static_cast<long>(seconds * 500)), variant.sanitized() ? 20s : 12s);
    // What ends the process ends only its act: the others come after it.
    std::vector<std::size_t> without;
    bool damaged = false;
    do {
      const Invocation call =
          driver_.scenario(variant.python, survey_file_, *scenario, seed_ + round, seconds, result, without);
      const auto seen =
          observer.run(variant,
                       {.argv = call.argv,
                        .folder = folder_,
                        .environment = call.environment,
                        .timeout = std::max<std::chrono::milliseconds>(request.limit - since(began), 5s),
                        .silence = silence,
                        .progress_file = call.progress_file,
                        .park = 5ms,
                        .suppressed = request.suppressed},
                       // A first pass is about too much to say what it was.
                       {.workload = workload_name(*scenario),
                        .findings = scenario->kind == "directed" ? scenario->findings : std::vector<std::string>()});
      if (!seen) {
        log::warning("stress: " + seen.message());
        out.lasted = since(began);
        return out;
      }
      const Ending& ending = seen->ending;
      const bool hung = ending.kind == Ending::Kind::deadlock || ending.kind == Ending::Kind::livelock;
      if (ending.kind == Ending::Kind::crashed) ++out.crashed;
      if (hung) ++out.hung;
      if (ending.kind == Ending::Kind::exited && ending.exit_code != 0)
        log::info("stress " + scenario->id + " (" + scenario->title + "): " + ending.describe() + ": " +
                  std::string(trim(ending.err_tail).substr(0, 400)));
      const auto step = read_file(call.progress_file);
      const auto act = step ? act_of_progress(*step) : std::nullopt;
      damaged = (hung || ending.kind == Ending::Kind::crashed) && act.has_value() && without.size() < 3;
      if (damaged) without.push_back(*act);
    } while (damaged && request.limit - since(began) > 2s && !observer.stopped() && request.wanted(*scenario));
    ++out.run;
  }
  out.lasted = since(began);
  return out;
}

std::optional<bool> StressRuns::again(Observer& observer, const Variant& variant, const Sighting& sighting, bool gil,
                                      std::chrono::milliseconds limit) const {
  const Scenario* scenario = scenario_of(sighting);
  if (scenario == nullptr) return std::nullopt;
  const double seconds = std::min(scenario->seconds, std::chrono::duration<double>(limit).count() * 0.5);
  Invocation call = driver_.scenario(variant.python, survey_file_, *scenario, seed_, seconds, folder_ / "again.json");
  // The last one of a name counts.
  call.environment.push_back(gil ? "PYTHON_GIL=1" : "PYTHON_GIL=0");
  const auto seen = observer.run(variant,
                                 {.argv = call.argv,
                                  .folder = folder_,
                                  .environment = call.environment,
                                  .timeout = limit,
                                  .silence = limit / 2,
                                  .progress_file = call.progress_file,
                                  .park = 5ms},
                                 {.workload = workload_name(*scenario)}, false);
  if (!seen || seen->ending.kind == Ending::Kind::could_not_start || observer.stopped()) return std::nullopt;
  return std::any_of(seen->sightings.begin(), seen->sightings.end(),
                     [&](const Sighting& one) { return one.kind == sighting.kind; });
}

const Scenario* StressRuns::scenario_of(const Sighting& sighting) const {
  for (const Scenario& scenario : survey_.scenarios)
    if (sighting.seen.workload == workload_name(scenario)) return &scenario;
  return nullptr;
}

}  // namespace ftaudit::dynamic
