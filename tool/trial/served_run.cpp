#include "trial/served_run.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/interruption.h"
#include "base/sha256.h"
#include "base/text.h"
#include "trial/http_load.h"
#include "trial/measured_process.h"
#include "trial/process_tree.h"
#include "trial/service.h"
#include "trial/statistics.h"

namespace ftaudit::trial {
namespace {

using namespace std::chrono_literals;

constexpr auto warm_up = 500ms;
constexpr unsigned enough_connections = 64, few_connections = 8;

double seconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e6; }

// Of what each path answered; not the same from run to run where a service does not always answer alike.
std::string answer_of(const Load& load) {
  std::map<std::size_t, std::set<std::string>> answers;
  for (const Load::Sent& one : load.sent) answers[one.path].insert(one.digest);
  std::string all;
  for (const auto& [path, digests] : answers)
    all += join(std::vector<std::string>(digests.begin(), digests.end()), " ") + "\n";
  return sha256(all).substr(0, 16);
}

}  // namespace

Result<MeasuredRun> served_run(const Workload& workload, const fs::path& python, std::size_t build,
                               const fs::path& runtime) {
  const auto process = MeasuredProcess::make(runtime, python, build);
  if (!process.ok()) return process.error();
  const std::string where = workload.name + " on " + python.string() + ": ";
  MemoryWatch memory;
  std::vector<std::string> environment = process->environment;
  environment.push_back("FTAUDIT_SERVING=1");
  auto service = Service::start({.command = workload.command,
                                 .folder = workload.folder,
                                 .environment = environment,
                                 .path = workload.urls.front(),
                                 .port = workload.port,
                                 .patience = workload.patience,
                                 .stop = &finish_when_interrupted()});
  if (!service.ok()) return Error{where + service.message()};
  LoadRequest request{.port = (*service)->port(),
                      .paths = workload.urls,
                      .rate = workload.rate,
                      .duration = warm_up,
                      .connections = workload.rate > 0 ? enough_connections : few_connections,
                      .stop = &finish_when_interrupted()};
  load(request);
  request.duration = workload.duration;
  const Spent before = spent_by_descendants();
  const Load done = load(request);
  const Spent after = spent_by_descendants();
  const bool fell = (*service)->fell();
  const dynamic::Ending ending = (*service)->end();
  if (fell) return Error{where + "the service fell under load: " + ending.describe()};
  if (done.sent.empty()) return Error{where + "nothing was sent"};
  if (done.failed() > 0)
    return Error{where + std::to_string(done.failed()) + " of " + std::to_string(done.sent.size()) +
                 " requests failed: " + done.what()};

  MeasuredRun out;
  process->read_witnesses(out);
  out.switched_on_by = switched_on_by(ending.err_tail);
  MeasuredSample& sample = out.sample;
  sample.workload = workload.name, sample.build = build, sample.memory = memory.peak();
  std::vector<double> all;
  for (const Load::Sent& one : done.sent) {
    all.push_back(seconds(one.from_due));
    sample.latencies.push_back(static_cast<std::uint32_t>(one.from_due.count()));
  }
  sample.wall = done.seconds, sample.clean = median_of(all), sample.answer = answer_of(done);
  sample.cpu = (after.run - before.run) / static_cast<double>(done.sent.size());
  sample.queued = after.queued - before.queued;
  out.calls = static_cast<unsigned long long>(static_cast<double>(done.sent.size()) / done.seconds);
  return out;
}

}  // namespace ftaudit::trial
