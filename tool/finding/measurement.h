// Measurement: one workload on two builds of CPython, one with the GIL and one without, as plain data: what was
// compared, every sample, and the rows that follow from them. Made by trial, rendered by reports. Nothing here decides.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit {

// A ratio with the GIL's build below: 1.3 is 1.3 times as much without the GIL. `low` to `high` holds it with 95 %.
struct MeasuredRatio {
  double low = 0, median = 0, high = 0;
  std::size_t pairs = 0;
};

enum class MeasuredAnswer : std::uint8_t { cannot_tell, equal, more, less };
std::string_view name_of(MeasuredAnswer answer);  // "cannot-tell"
std::optional<MeasuredAnswer> measured_answer_named(std::string_view name);

// One of the two builds.
struct MeasuredBuild {
  std::string name;     // "3.13t"
  std::string version;  // "3.13.5"
  std::string executable;
  std::string compiler;  // "clang-19 -O2"
  bool free_threaded = false;
};

// One fresh process (or tree of processes). Times in seconds, memory in bytes.
struct MeasuredSample {
  std::string workload;   // as its row
  std::size_t build = 0;  // 0 with the GIL, 1 without
  std::size_t order = 0;  // the how-manieth process of the whole measurement it was
  unsigned lanes = 1;     // threads or worker processes
  bool processes = false;
  double wall = 0, cpu = 0;  // of a service: of the load; of one request
  double queued = 0;         // in the run queue: wanted a processor and had none
  double clean = 0;  // wall time without that; of several lanes the longest one's; of a service the median latency
  std::uint64_t memory = 0;              // peak of the proportional set size of all its processes; 0: not looked at
  bool gil_known = false, gil = false;   // it was on at the beginning or the end
  std::vector<std::uint32_t> latencies;  // of a service: microseconds from when each request was due, in order
  std::string answer;                    // a digest of what it printed or returned
};

struct MeasuredRow {
  std::string workload;  // "job.py", "app.jobs:work", "mandelbrot"
  std::string kind;      // of the reference set: what kind of work it is; else ""
  std::string quantity;  // "CPU time", "wall time", "time of 4 threads", "memory"
  unsigned lanes = 1;
  bool processes = false;
  std::array<double, 2> median{};  // seconds or bytes, by build
  std::array<double, 2>
      scaling{};  // of several lanes: times the throughput of one lane of the same build; 0: not known
  MeasuredRatio ratio;
  MeasuredAnswer answer = MeasuredAnswer::cannot_tell;
  std::string why;  // no answer can be given, or what weakens it; "" if nothing does
};

struct Measurement {
  std::string tool_version, what, date;
  std::array<MeasuredBuild, 2> builds;
  std::vector<std::string> differences;  // between the builds, apart from the GIL; none: they are twins
  unsigned processors = 0;               // that this process may use
  std::vector<MeasuredRow> rows;
  std::vector<MeasuredSample> samples;
  // By build: the compiled modules that were loaded in any process, as files below the folder of packages; the standard
  // library's are the builds' own.
  std::array<std::vector<std::string>, 2> loaded;
  std::vector<std::string> switched_on_by;  // the modules that brought the GIL back, where the interpreter said so
  std::vector<std::string> notes;
  std::vector<std::string> missed;  // requirements that do not hold
  bool incomplete = false;          // something asked for has no answer
};

}  // namespace ftaudit
