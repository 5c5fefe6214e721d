#include "trial/measured_run.h"

#include <sys/resource.h>

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/sha256.h"
#include "base/text.h"
#include "trial/measured_process.h"
#include "trial/process_tree.h"
#include "trial/runtime_files.h"

namespace ftaudit::trial {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

// A round of a function by one thread, and how many rounds a process does after the one that warms up.
constexpr double round_seconds = 0.1;
constexpr unsigned rounds = 5;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Of all children that have ended and were waited for, theirs included.
double cpu_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string last_words(const Outcome& outcome) {
  const std::string_view said = trim(outcome.err.empty() ? outcome.out : outcome.err);
  const std::string_view line = trim(said.substr(said.rfind('\n') + 1));
  return outcome.describe() + (line.empty() ? "" : ": " + std::string(line.substr(0, 300)));
}

struct Lane {
  double wall, run, queued;
};

// The median round: of its lanes the longest without the time in the run queue. While the GIL is on, the lane that has
// it may be the one that is queued, and then no lane's own time says how long the round had to be: all their processor
// time together does.
void read_rounds(const json& rounds_told, bool one_at_a_time, MeasuredRun& out) {
  std::vector<double> walls, cleans, cpus, queues;
  std::set<std::string> answers;
  for (const json& round : rounds_told) {
    double began = 0, ended = 0, clean = 0, cpu = 0, queued = 0;
    for (const json& lane : round) {
      const double from = lane.at("began").get<double>() / 1e9, to = lane.at("ended").get<double>() / 1e9,
                   run = lane.at("run").get<double>() / 1e9, wait = lane.at("wait").get<double>() / 1e9;
      began = began == 0 ? from : std::min(began, from), ended = std::max(ended, to);
      clean = std::max(clean, to - from - wait), cpu += run, queued += wait;
      answers.insert(lane.value("answer", ""));
    }
    walls.push_back(ended - began), cpus.push_back(cpu), queues.push_back(queued);
    cleans.push_back(one_at_a_time ? std::max(clean, cpu) : clean);
  }
  const auto middle = [](std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
  };
  out.sample.wall = middle(walls), out.sample.cpu = middle(cpus), out.sample.queued = middle(queues),
  out.sample.clean = middle(cleans);
  out.sample.answer = answers.size() == 1 ? *answers.begin() : "";
}

}  // namespace

Status write_runtime(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder / "site", failed), fs::create_directories(folder / "work", failed);
  if (failed) return Error{"cannot make " + folder.string() + ": " + failed.message()};
  for (const RuntimeFile& file : runtime_files()) {
    // `site` is on the path of all measured processes.
    const bool everywhere = file.name == "sitecustomize.py" || file.name == "ftaudit_reference_http.py";
    const fs::path where = folder / (everywhere ? "site" : "work");
    if (const Status written = write_file(where / file.name, file.text); !written) return written;
  }
  return Done{};
}

Result<MeasuredRun> measured_run(const Workload& workload, const fs::path& python, std::size_t build,
                                 const fs::path& runtime, std::chrono::milliseconds limit) {
  auto process = MeasuredProcess::make(runtime, python, build);
  if (!process.ok()) return process.error();
  Command command{.folder = workload.folder, .timeout = limit, .output_limit = 8u << 20};
  command.environment = process->environment;
  if (workload.call.empty()) {
    command.argv = {"/bin/sh", "-c", workload.command};
  } else {
    command.argv = {python.string(), (runtime / "work" / "workload.py").string()};
    command.input = json{{"call", workload.call},     {"path", json::array({workload.folder.string()})},
                         {"threads", workload.lanes}, {"processes", workload.processes},
                         {"calls", workload.calls},   {"round", round_seconds},
                         {"rounds", rounds}}
                        .dump();
  }
  MemoryWatch memory;
  const double cpu_before = cpu_of_children();
  const auto began = Clock::now();
  const auto outcome = run(command);
  const double wall = std::chrono::duration<double>(Clock::now() - began).count();
  const double cpu = cpu_of_children() - cpu_before;
  if (!outcome.ok()) return outcome.error();
  if (!outcome->succeeded()) return Error{workload.name + " on " + python.string() + ": " + last_words(*outcome)};

  MeasuredRun out;
  out.sample = {.workload = workload.name,
                .build = build,
                .lanes = workload.lanes,
                .processes = workload.processes,
                .memory = memory.peak()};
  process->read_witnesses(out);
  out.switched_on_by = switched_on_by(outcome->err);
  if (workload.call.empty()) {
    out.sample.wall = wall, out.sample.cpu = cpu, out.sample.clean = std::max(0.0, wall - out.sample.queued);
    out.sample.answer = sha256(outcome->out).substr(0, 16);
    return out;
  }
  const auto text = read_file(process->result, 64u << 20);
  const json answer = text ? json::parse(*text, nullptr, false) : json();
  if (!answer.is_object()) return Error{workload.name + " on " + python.string() + ": ended without an answer"};
  out.calls = answer.value("calls", 0ULL);
  read_rounds(answer.value("rounds", json::array()), out.sample.gil && !workload.processes, out);
  return out;
}

}  // namespace ftaudit::trial
