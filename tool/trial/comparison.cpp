#include "trial/comparison.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/interruption.h"
#include "base/text.h"
#include "trial/measured_run.h"
#include "trial/processors.h"
#include "trial/served_run.h"
#include "trial/statistics.h"
#include "trial/twins.h"

namespace ftaudit::trial {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_pairs = 40;
constexpr auto longest_run = 10min;
constexpr std::string_view too_late = "the budget ended before it was measured";
// Parts of the time in the run queue from which wall time says nothing, and a time of several lanes is an estimate.
constexpr double busy_for_wall = 0.05, busy_for_lanes = 0.10;
// Requests to a process below which its 99th percentile is a matter of a few of them.
constexpr std::size_t fewest_for_tail = 500;

std::string percent(double part) { return std::to_string(static_cast<int>(part * 100 + 0.5)) + " %"; }

// "/env/lib/python3.13t/site-packages/spam/_eggs.cpython-313t-x86_64-linux-gnu.so": "spam/_eggs.cpython-...so"; those
// of the standard library are the builds' own.
std::set<std::string> foreign_modules(const std::vector<std::string>& files) {
  constexpr std::string_view packages = "-packages/";  // site- and dist-
  std::set<std::string> out;
  for (const std::string& file : files) {
    if (file.find("/lib-dynload/") != std::string::npos) continue;
    const std::size_t at = file.rfind(packages);
    out.insert(at == std::string::npos ? fs::path(file).filename().string() : file.substr(at + packages.size()));
  }
  return out;
}

// "spam/_eggs.cpython-313t-x86_64-linux-gnu.so": "spam/_eggs", as on the other build.
std::set<std::string> without_tags(const std::vector<std::string>& files) {
  std::set<std::string> out;
  for (const std::string& file : files) out.insert(file.substr(0, file.find('.', file.rfind('/') + 1)));
  return out;
}

class Comparison {
 public:
  Comparison(const MeasureRequest& request, Progress& progress, fs::path runtime, Measurement measurement)
      : request_(request), progress_(progress), runtime_(std::move(runtime)), out_(std::move(measurement)) {}

  Measurement run() {
    end_ = Clock::now() + request_.budget;
    for (std::size_t i = 0; i < request_.workloads.size() && !asked_to_finish(); ++i)
      one(request_.workloads[i], Clock::now() + left() / static_cast<long>(request_.workloads.size() - i));
    progress_.finish();
    if (late_) note_wanted();
    if (asked_to_finish()) {
      out_.notes.push_back("interrupted: what was not measured is missing");
      out_.incomplete = true;
    }
    return std::move(out_);
  }

 private:
  struct Series {
    std::vector<MeasuredRun> runs[2];  // by build; those of one index are neighbours in time
    std::string failure;
    std::size_t pairs() const { return std::min(runs[0].size(), runs[1].size()); }
  };

  Clock::duration left() const { return std::max<Clock::duration>(end_ - Clock::now(), 0s); }

  Result<MeasuredRun> sample(Workload workload, std::size_t build) {
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::min<Clock::duration>(longest_run, std::max<Clock::duration>(left(), 1s)));
    const bool is_cut = workload.urls.empty() ? limit < longest_run : limit < workload.patience;
    workload.patience = std::min(workload.patience, limit);
    const auto began = Clock::now();
    auto made = workload.urls.empty() ? measured_run(workload, request_.pythons[build], build, runtime_, limit)
                                      : served_run(workload, request_.pythons[build], build, runtime_);
    if (made.ok()) made->sample.order = ++processes_;
    // What failed by itself is told, however late it is.
    else if (is_cut && Clock::now() - began >= limit) return late_ = true, Error{std::string(too_late)};
    return made;
  }

  void one(Workload workload, Clock::time_point share) {
    if (left() == 0s) return late_ = true, lost(workload, std::string(too_late));
    const Series series = take(workload, share);
    if (!series.failure.empty()) return lost(workload, series.failure);
    for (const auto& runs : series.runs)
      for (const MeasuredRun& made : runs) out_.samples.push_back(made.sample);
    remember_modules(series);
    const std::string why = not_comparable(workload, series);
    if (!why.empty()) return lost(workload, why);
    tell(workload, series);
  }

  // `share`: until when it may go on where it has enough pairs to say something.
  Series take(Workload& workload, Clock::time_point share) {
    Series out;
    const auto began = Clock::now();
    progress_.stage("measuring " + label(workload), most_pairs);
    // The same number of calls for both and for every number of lanes: what one thread with the GIL does in a round.
    const std::string same = workload.call + "\n" + workload.folder.string();
    if (!workload.call.empty() && workload.calls == 0) workload.calls = calls_[same];
    // The first process of each build fills caches; it does not count.
    for (std::size_t build : {0, 1}) {
      const auto made = sample(workload, build);
      if (!made.ok()) return out.failure = made.message(), out;
      if (workload.calls == 0) workload.calls = calls_[same] = made->calls;
      // Half of what the build with the GIL can do, for both: where queues form of themselves, all else is lost in
      // them.
      if (!workload.urls.empty() && workload.rate == 0) {
        workload.rate = std::max(1.0, static_cast<double>(made->calls) / 2);
        note(workload.name + ": " + std::to_string(static_cast<long>(workload.rate)) +
             " requests a second, half of what the build with the GIL serves at most");
      }
    }
    Clock::duration longest = Clock::now() - began;
    for (std::size_t pair = 0; pair < most_pairs; ++pair) {
      if (asked_to_finish()) return out;
      // Two more have to be done in time, as slow as the slowest so far.
      if (longest >= left()) break;
      if (pair >= fewest_pairs && (Clock::now() >= share || (pair % 2 == 0 && settled(workload, out)))) break;
      progress_.step(pair, label(workload));
      const auto pair_began = Clock::now();
      for (std::size_t turn : {0, 1}) {
        const std::size_t build = pair % 2 == 0 ? turn : 1 - turn;
        auto made = sample(workload, build);
        if (!made.ok() && made.message() == too_late) break;
        if (!made.ok()) return out.failure = made.message(), out;
        out.runs[build].push_back(std::move(*made));
      }
      longest = std::max(longest, Clock::now() - pair_began);
    }
    late_ |= !asked_to_finish() && out.pairs() < fewest_pairs;
    wanted_ += longest * static_cast<long>(fewest_pairs + 1), ++taken_;
    return out;
  }

  // What would have been enough, as fast as it went.
  void note_wanted() {
    const auto all = taken_ == 0 ? 0s : wanted_ / taken_ * static_cast<long>(request_.workloads.size());
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(all).count();
    out_.notes.push_back("the budget ended before every row had its " + std::to_string(fewest_pairs) + " pairs: " +
                         (taken_ == 0 ? "give a longer --budget"
                                      : "--budget " + std::to_string(minutes) + "m would do, as fast as it went"));
  }

  static double clock_of(const Workload& workload, const MeasuredSample& sample) {
    return workload.lanes == 1 ? sample.cpu : sample.clean;
  }

  static std::vector<Pair> pairs_of(const Series& series, const std::function<double(const MeasuredSample&)>& value) {
    std::vector<Pair> out;
    for (std::size_t i = 0; i < series.pairs(); ++i) {
      const Pair pair{value(series.runs[0][i].sample), value(series.runs[1][i].sample)};
      if (pair.with_gil > 0 && pair.without > 0) out.push_back(pair);
    }
    return out;
  }

  // Narrow enough, and said: an interval that is near the border of equal wants more pairs, whatever its width.
  bool settled(const Workload& workload, const Series& series) const {
    const std::vector<Pair> pairs =
        pairs_of(series, [&](const MeasuredSample& sample) { return clock_of(workload, sample); });
    if (pairs.size() < fewest_pairs) return false;
    const MeasuredRatio ratio = ratio_of(pairs);
    return (ratio.high - ratio.low) / ratio.median <= request_.width && answer_of(pairs) != MeasuredAnswer::cannot_tell;
  }

  // Why the two sides cannot be laid beside each other; "" if they can.
  std::string not_comparable(const Workload& workload, const Series& series) {
    if (series.pairs() == 0) return asked_to_finish() ? "not measured" : std::string(too_late);
    for (const MeasuredRun& made : series.runs[1]) {
      if (made.forced) return "PYTHON_GIL is set: it would not measure what runs without it; unset it";
      if (!made.sample.gil_known) return "no process showed the state of its GIL (started with -I or -E?)";
      if (made.sample.gil)
        return made.switched_on_by.empty() ? "the GIL came back while it ran"
                                           : "the GIL came back: importing " + made.switched_on_by + " switches it on";
    }
    for (const MeasuredRun& made : series.runs[0])
      if (made.sample.gil_known && !made.sample.gil) return "the build with the GIL ran without it";
    std::set<std::string> answers[2];
    for (std::size_t build : {0, 1})
      for (const MeasuredRun& made : series.runs[build]) answers[build].insert(made.sample.answer);
    if (answers[0].size() == 1 && answers[1].size() == 1 && answers[0] != answers[1])
      return "the answers differ: each build always gives the same, but not the same as the other";
    if (answers[0].size() + answers[1].size() > 2)
      note(label(workload) + ": the answer varies from run to run, so it was not compared");
    compare_modules(series);
    return "";
  }

  // A package that is compiled on one side and pure Python on the other is the first thing to know.
  void compare_modules(const Series& series) {
    const std::set<std::string> with = without_tags(loaded(series, 0)), without = without_tags(loaded(series, 1));
    for (const std::string& name : with)
      if (!without.contains(name)) note("the compiled module " + name + " was loaded with the GIL only");
    for (const std::string& name : without)
      if (!with.contains(name)) note("the compiled module " + name + " was loaded without the GIL only");
  }

  static std::vector<std::string> loaded(const Series& series, std::size_t build) {
    const std::set<std::string> files = foreign_modules(series.runs[build].front().compiled);
    return {files.begin(), files.end()};
  }

  void remember_modules(const Series& series) {
    for (const std::size_t build : {0, 1})
      if (!series.runs[build].empty())
        for (const std::string& file : loaded(series, build)) add(out_.loaded[build], file);
    for (const MeasuredRun& made : series.runs[1])
      if (!made.switched_on_by.empty()) add(out_.switched_on_by, made.switched_on_by);
  }

  static double percentile(const MeasuredSample& sample, double part) {
    std::vector<std::uint32_t> all = sample.latencies;
    if (all.empty()) return 0;
    std::ranges::sort(all);
    return all[std::min(all.size() - 1, static_cast<std::size_t>(part * static_cast<double>(all.size())))] / 1e6;
  }

  // Latencies in a process that had to wait for a processor are the machine's.
  void tell_service(const Workload& workload, const Series& series) {
    double queued = 0, ran = 0;
    std::size_t fewest = series.runs[0].front().sample.latencies.size();
    for (const auto& runs : series.runs)
      for (const MeasuredRun& made : runs) {
        queued += made.sample.queued, ran += made.sample.cpu * static_cast<double>(made.sample.latencies.size());
        fewest = std::min(fewest, made.sample.latencies.size());
      }
    const double busy = queued + ran > 0 ? queued / (queued + ran) : 0;
    out_.rows.push_back(row_of(workload, series, "CPU time", [](const MeasuredSample& sample) { return sample.cpu; }));
    for (const auto& [name, part] : {std::pair{"p50 latency", 0.5}, {"p90 latency", 0.9}, {"p99 latency", 0.99}}) {
      MeasuredRow row = row_of(workload, series, name,
                               [wanted = part](const MeasuredSample& sample) { return percentile(sample, wanted); });
      if (busy > busy_for_lanes) {
        row.answer = MeasuredAnswer::cannot_tell;
        row.why = "the machine was busy: " + percent(busy) + " of its time in the run queue";
      } else if (part > 0.95 && fewest < fewest_for_tail) {
        row.answer = MeasuredAnswer::cannot_tell;
        row.why = "too few requests: " + std::to_string(fewest) + " a process, and this wants " +
                  std::to_string(fewest_for_tail);
      }
      out_.rows.push_back(std::move(row));
    }
    const auto memory = [](const MeasuredSample& sample) { return static_cast<double>(sample.memory); };
    if (pairs_of(series, memory).size() >= fewest_pairs)
      out_.rows.push_back(row_of(workload, series, "memory", memory));
  }

  void tell(const Workload& workload, const Series& series) {
    if (!workload.urls.empty()) return tell_service(workload, series);
    double queued = 0, spent = 0;
    for (const auto& runs : series.runs)
      for (const MeasuredRun& made : runs) queued += made.sample.queued, spent += made.sample.wall * workload.lanes;
    const double busy = spent > 0 ? queued / spent : 0;
    if (workload.lanes > 1) {
      MeasuredRow row = row_of(workload, series, "time of " + lanes(workload),
                               [](const MeasuredSample& sample) { return sample.clean; });
      for (std::size_t build : {0, 1})
        if (const double single = single_[workload.call][build]; single > 0 && row.median[build] > 0)
          row.scaling[build] = workload.lanes * single / row.median[build];
      if (busy > busy_for_lanes) {
        row.why = "the machine was busy (" + percent(busy) + " of the time in the run queue): an estimate";
        out_.incomplete = true;
      }
      out_.rows.push_back(std::move(row));
      return;
    }
    out_.rows.push_back(row_of(workload, series, "CPU time", [](const MeasuredSample& sample) { return sample.cpu; }));
    if (!workload.call.empty()) {
      for (std::size_t build : {0, 1}) {
        std::vector<double> clean;
        for (const MeasuredRun& made : series.runs[build]) clean.push_back(made.sample.clean);
        single_[workload.call][build] = median_of(clean);
      }
    } else {
      MeasuredRow wall =
          row_of(workload, series, "wall time", [](const MeasuredSample& sample) { return sample.wall; });
      if (busy > busy_for_wall) {
        wall.answer = MeasuredAnswer::cannot_tell;
        wall.why = percent(busy) + " of it in the run queue";
      }
      out_.rows.push_back(std::move(wall));
    }
    const auto memory = [](const MeasuredSample& sample) { return static_cast<double>(sample.memory); };
    if (pairs_of(series, memory).size() >= fewest_pairs)
      out_.rows.push_back(row_of(workload, series, "memory", memory));
  }

  MeasuredRow row_of(const Workload& workload, const Series& series, std::string quantity,
                     const std::function<double(const MeasuredSample&)>& value) {
    MeasuredRow row{.workload = workload.name,
                    .kind = workload.kind,
                    .quantity = std::move(quantity),
                    .lanes = workload.lanes,
                    .processes = workload.processes};
    for (std::size_t build : {0, 1}) {
      std::vector<double> values;
      for (const MeasuredRun& made : series.runs[build]) values.push_back(value(made.sample));
      row.median[build] = median_of(values);
    }
    const std::vector<Pair> pairs = pairs_of(series, value);
    if (!pairs.empty()) row.ratio = ratio_of(pairs);
    row.answer = answer_of(pairs);
    if (row.answer == MeasuredAnswer::cannot_tell) {
      row.why = pairs.size() < fewest_pairs ? counted(pairs.size(), "pair") + " of processes, and an answer wants " +
                                                  std::to_string(fewest_pairs)
                : row.ratio.low > 1.01 || row.ratio.high < 0.99 ? "it differs with 95 %, not with 99.9 %"
                                                                : "the interval is too wide";
      out_.incomplete |= row.quantity == "CPU time" || workload.lanes > 1;
    }
    return row;
  }

  void lost(const Workload& workload, const std::string& why) {
    out_.rows.push_back({.workload = workload.name,
                         .kind = workload.kind,
                         .quantity = workload.lanes == 1 ? "CPU time" : "time of " + lanes(workload),
                         .lanes = workload.lanes,
                         .processes = workload.processes,
                         .why = why});
    out_.incomplete = true;
  }

  static std::string lanes(const Workload& workload) {
    return counted(workload.lanes, workload.processes ? "process" : "thread", workload.processes ? "processes" : "");
  }
  static std::string label(const Workload& workload) {
    return workload.lanes == 1 ? workload.name : workload.name + ", " + lanes(workload);
  }
  static void add(std::vector<std::string>& list, const std::string& text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(text);
  }
  void note(const std::string& text) { add(out_.notes, text); }

  const MeasureRequest& request_;
  Progress& progress_;
  fs::path runtime_;
  Measurement out_;
  Clock::time_point end_;      // of the budget
  bool late_ = false;          // it ended too early for a row
  Clock::duration wanted_{0};  // what a dozen pairs of each workload come to,
  long taken_ = 0;             // of so many of them
  std::size_t processes_ = 0;
  std::map<std::string, unsigned long long> calls_;      // by function: of a lane in a round
  std::map<std::string, std::array<double, 2>> single_;  // by function: the time of one lane, by build
};

MeasuredBuild shown(const BuildIdentity& identity, const fs::path& executable) {
  return {.name = identity.version.substr(0, identity.version.rfind('.')) + (identity.free_threaded ? "t" : ""),
          .version = identity.version,
          .executable = executable.string(),
          .compiler = identity.compiler + (identity.optimisation.empty() ? "" : " " + identity.optimisation) +
                      (identity.profile_guided ? " PGO" : "") + (identity.link_time ? " LTO" : ""),
          .free_threaded = identity.free_threaded};
}

}  // namespace

Result<Measurement> compare(const MeasureRequest& request, Progress& progress) {
  const auto with_gil = identity_of(request.pythons[0]), without = identity_of(request.pythons[1]);
  for (const auto* one : {&with_gil, &without})
    if (!one->ok()) return one->error();
  if (with_gil->free_threaded)
    return Error{request.pythons[0].string() + " is a free-threaded build; give one with the GIL"};
  if (!without->free_threaded)
    return Error{request.pythons[1].string() + " is a build with the GIL; give a free-threaded one"};
  Measurement out{.what = request.what,
                  .builds = {shown(*with_gil, request.pythons[0]), shown(*without, request.pythons[1])},
                  .differences = differences(*with_gil, *without),
                  .processors = processors()};
  if (!out.differences.empty() && !request.allow_different_builds)
    return Error{"the two builds differ in more than the GIL (" + join(out.differences, "; ") +
                 "), so no difference could be laid to it; `ftaudit python install` makes twins, and "
                 "--allow-different-builds compares these all the same"};
  const auto scratch = ScratchFolder::make("measure");
  if (!scratch.ok()) return scratch.error();
  if (const Status written = write_runtime(scratch->path()); !written) return written.error();
  return Comparison(request, progress, scratch->path(), std::move(out)).run();
}

}  // namespace ftaudit::trial
