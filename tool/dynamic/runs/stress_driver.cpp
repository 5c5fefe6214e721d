#include "dynamic/runs/stress_driver.h"

#include "base/text.h"
#include "dynamic/runtime/runtime.h"

namespace ftaudit::dynamic {
namespace {

std::string in_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

}  // namespace

Result<StressDriver> StressDriver::write(const fs::path& folder) {
  if (Status written = write_runtime_files("stress/", folder / "stress"); !written) return written.error();
  if (Status written = write_runtime_files("recording/", folder / "recording"); !written) return written.error();
  std::error_code failed;
  const fs::path whole = fs::canonical(folder, failed);
  if (failed) return Error{"cannot use " + folder.string() + ": " + failed.message()};
  return StressDriver(whole);
}

Invocation StressDriver::survey(const fs::path& python, const fs::path& plan, const fs::path& survey) const {
  return {.argv = {python.string(), (folder_ / "stress").string(), "survey", plan.string(), survey.string()},
          .environment = {"PYTHON_GIL=0", "PYTHONFAULTHANDLER=1", "PYTHONDONTWRITEBYTECODE=1"},
          .progress_file = {}};
}

Invocation StressDriver::scenario(const fs::path& python, const fs::path& survey, const Scenario& scenario,
                                  std::uint64_t seed, double seconds, const fs::path& result,
                                  const std::vector<std::size_t>& without) const {
  const fs::path progress = fs::path(result).replace_extension(".progress");
  std::vector<std::string> left_out;
  for (const std::size_t act : without) left_out.push_back(std::to_string(act));
  return {.argv = {python.string(), (folder_ / "stress").string(), "run", survey.string(), scenario.id, "--seed",
                   std::to_string(seed), "--seconds", in_seconds(seconds), "--progress", progress.string(), "--result",
                   result.string(), "--without", join(left_out, ",")},
          .environment = {"PYTHON_GIL=0", "PYTHONFAULTHANDLER=1", "PYTHONDONTWRITEBYTECODE=1"},
          .progress_file = progress};
}

Invocation StressDriver::timing(const fs::path& python, const fs::path& survey, const fs::path& result,
                                const std::vector<std::string>& findings) const {
  return {.argv = {python.string(), (folder_ / "stress").string(), "time", survey.string(), result.string(),
                   join(findings, ",")},
          .environment = {"PYTHON_GIL=0", "PYTHONFAULTHANDLER=1", "PYTHONDONTWRITEBYTECODE=1"},
          .progress_file = {}};
}

std::vector<std::string> StressDriver::recording(const std::vector<std::string>& modules,
                                                 const fs::path& folder) const {
  return {"PYTHONPATH=" + (folder_ / "recording").string(), "FTAUDIT_RECORD=" + folder.string(),
          "FTAUDIT_RECORD_MODULES=" + join(modules, ",")};
}

}  // namespace ftaudit::dynamic
