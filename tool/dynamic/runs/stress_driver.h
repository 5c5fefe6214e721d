// StressDriver: the embedded Python program that hammers an extension, written to disk and started. Gives command
// lines; the caller runs them under watch. Three uses: survey (what can be called, and how), one scenario, and the
// recorder, which notes the calls that a test suite makes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/runs/stress_plan.h"

namespace ftaudit::dynamic {

// Everything `watch` needs; folder, timeouts and TSan's environment are the caller's.
struct Invocation {
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  fs::path progress_file;  // first line: what is being done now ("d003 round 4: hit with mean"); empty: none
};

class StressDriver {
 public:
  // Writes the program below `folder`.
  static Result<StressDriver> write(const fs::path& folder);

  // Probes with `python` (the plain build is best: fast, and crashes in single-threaded calls show) and writes
  // `survey`. Starts and supervises child processes of its own: a call that crashes or hangs is noted as dangerous and
  // left out.
  Invocation survey(const fs::path& python, const fs::path& plan, const fs::path& survey) const;

  // Runs one scenario, without the acts of those numbers (they ended or hung the process before). `result` gets a JSON
  // file of operations called and raised, per act. The threads of act 4 are called "act 4", and so are they in reports.
  Invocation scenario(const fs::path& python, const fs::path& survey, const Scenario& scenario, std::uint64_t seed,
                      double seconds, const fs::path& result, const std::vector<std::size_t>& without = {}) const;

  // Times the calls that aim at these findings, one thread alone; `result` gets a line each: the
  // seconds of one call, a tab, what was called.
  Invocation timing(const fs::path& python, const fs::path& survey, const fs::path& result,
                    const std::vector<std::string>& findings) const;

  // Environment that makes any Python below record the calls into `modules` to files in `folder` (for the test suite's
  // plain run). Costs little; needs Python 3.12.
  std::vector<std::string> recording(const std::vector<std::string>& modules, const fs::path& folder) const;

  const fs::path& folder() const { return folder_; }

 private:
  explicit StressDriver(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
};

}  // namespace ftaudit::dynamic
