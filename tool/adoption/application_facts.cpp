#include "adoption/application_facts.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.h"
#include "trial/statistics.h"

namespace ftaudit::adoption {
namespace {

struct Names {
  std::string_view name, title, command;
};
// In the order of the enumeration.
constexpr std::array<Names, fact_count> names{{
    {"blocked", "known to stand against it", ""},
    {"tried", "a trial holds", "ftaudit trial PATH"},
    {"cpu-share", "share of processor time, with the GIL", "ftaudit measure --command COMMAND"},
    {"one-thread", "processor time for the same work", "ftaudit measure --command COMMAND"},
    {"gain", "throughput of as many threads", "ftaudit measure --call MODULE:FUNCTION --threads 2,all"},
    {"native-share", "what threads gain with the GIL already",
     "ftaudit measure --call MODULE:FUNCTION --threads 2,all"},
    {"pool-time", "threads beside as many worker processes with the GIL: time",
     "ftaudit measure --call MODULE:FUNCTION --threads 2,all --processes 2,all"},
    {"pool-memory", "worker processes with the GIL beside as many threads: memory",
     "ftaudit measure --call MODULE:FUNCTION --threads 2,all --processes 2,all"},
    {"tail", "99th percentile of the latency", "ftaudit measure --serve COMMAND --url PATH"},
    {"memory", "memory", "ftaudit measure --command COMMAND"},
}};

using trial::Pair;
using Value = std::function<double(const MeasuredSample&)>;

// Samples of one way to run it on one build, in order.
struct Series {
  std::size_t build;
  unsigned lanes = 1;
  bool processes = false;
};

class Reading {
 public:
  explicit Reading(const Measurement& from) : from_(from) {
    for (std::size_t i = 0; i < fact_count; ++i)
      out_[i].name = names[i].name, out_[i].title = names[i].title, out_[i].why = "not measured";
  }

  Facts all() {
    std::set<std::string> workloads;
    for (const MeasuredRow& row : from_.rows) {
      workloads.insert(row.workload);
      if (!row.kind.empty() && row.kind != "service") return none("the reference set is not this application's work");
    }
    if (workloads.size() > 1) return none("several workloads were measured, which are not one application's");
    for (const MeasuredRow& row : from_.rows)
      if (row.ratio.pairs == 0 && !row.why.empty() && row.lanes == 1) return none(row.why);
    const Value cpu = [](const MeasuredSample& one) { return one.cpu; },
                clean = [](const MeasuredSample& one) { return one.clean; },
                memory = [](const MeasuredSample& one) { return static_cast<double>(one.memory); };
    const Series gil{0}, free{1};
    ratio(Fact::cpu_share, gil, clean, gil, cpu, 1);
    ratio(Fact::one_lane, gil, cpu, free, cpu, 1);
    ratio(Fact::memory, gil, memory, free, memory, 1);
    of_command();
    const unsigned threads = most_lanes(false), processes = most_lanes(true);
    if (threads > 1) {
      const Series gil_threads{0, threads}, free_threads{1, threads};
      // The same work for each lane: as long as one of them would be perfect.
      ratio(Fact::gain, free_threads, clean, gil_threads, clean, 1);
      ratio(Fact::native_share, gil_threads, clean, gil, clean, threads);
      ApplicationFact& native = of(Fact::native_share);
      for (double* one : {&native.low, &native.median, &native.high}) *one = (*one - 1) / (threads - 1);
      if (processes == threads) {
        const Series pool{0, processes, true};
        ratio(Fact::pool_time, pool, clean, free_threads, clean, 1);
        ratio(Fact::pool_memory, free_threads, memory, pool, memory, 1);
      }
    }
    of_row(Fact::tail, "p99 latency");
    return std::move(out_);
  }

 private:
  ApplicationFact& of(Fact fact) { return out_[static_cast<std::size_t>(fact)]; }

  Facts none(const std::string& why) {
    for (ApplicationFact& one : out_) one.why = why;
    return std::move(out_);
  }

  std::vector<double> values(const Series& series, const Value& value) const {
    std::vector<const MeasuredSample*> samples;
    for (const MeasuredSample& one : from_.samples)
      if (one.build == series.build && one.lanes == series.lanes &&
          (one.processes == series.processes || one.lanes == 1))
        samples.push_back(&one);
    std::ranges::sort(samples, {}, &MeasuredSample::order);
    std::vector<double> out;
    for (const MeasuredSample* one : samples) out.push_back(value(*one));
    return out;
  }

  unsigned most_lanes(bool processes) const {
    unsigned out = 1;
    for (const MeasuredSample& one : from_.samples)
      if (one.processes == processes) out = std::max(out, one.lanes);
    return out;
  }

  // `factor` times the second by the first.
  void ratio(Fact fact, const Series& below, const Value& value_below, const Series& above, const Value& value_above,
             double factor) {
    const std::vector<double> low = values(below, value_below), high = values(above, value_above);
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < std::min(low.size(), high.size()); ++i)
      if (low[i] > 0 && high[i] > 0) pairs.push_back({low[i], factor * high[i]});
    if (pairs.empty()) return;
    ApplicationFact& out = of(fact);
    if (pairs.size() < trial::fewest_pairs) {
      out.why = "too few samples";
      return;
    }
    const MeasuredRatio found = trial::ratio_of(pairs);
    out.low = found.low, out.median = found.median, out.high = found.high, out.known = true, out.why.clear();
  }

  // What a command does at once is its own affair: its wall time says what comes of it, on a machine that was quiet.
  void of_command() {
    for (const MeasuredRow& row : from_.rows) {
      if (row.quantity != "wall time" || row.ratio.pairs == 0) continue;
      ApplicationFact& out = of(Fact::gain);
      if (row.ratio.pairs < trial::fewest_pairs || row.why.ends_with("run queue")) {
        out.why = row.why;
        continue;
      }
      out.low = 1 / row.ratio.high, out.median = 1 / row.ratio.median, out.high = 1 / row.ratio.low;
      out.known = true, out.why.clear();
    }
  }

  void of_row(Fact fact, std::string_view quantity) {
    for (const MeasuredRow& row : from_.rows) {
      if (row.quantity != quantity) continue;
      ApplicationFact& out = of(fact);
      out.low = row.ratio.low, out.median = row.ratio.median, out.high = row.ratio.high;
      // What is weakened is no fact: the machine was busy, or there were too few requests.
      out.known = row.ratio.pairs >= trial::fewest_pairs && (row.why.empty() || row.why.starts_with("the interval"));
      out.why = out.known ? "" : row.why;
    }
  }

  const Measurement& from_;
  Facts out_;
};

}  // namespace

std::string_view name_of(Fact fact) { return names[static_cast<std::size_t>(fact)].name; }
std::string_view title_of(Fact fact) { return names[static_cast<std::size_t>(fact)].title; }
std::string_view made_known_by(Fact fact) { return names[static_cast<std::size_t>(fact)].command; }

Facts facts_of(const Measurement* measurement) {
  static const Measurement nothing;
  return Reading(measurement == nullptr ? nothing : *measurement).all();
}

void set(Facts& facts, Fact fact, double value) {
  ApplicationFact& one = facts[static_cast<std::size_t>(fact)];
  one.low = one.median = one.high = value, one.known = true, one.why.clear();
}

std::optional<Workload> kind_of(const Facts& facts) {
  const ApplicationFact &cpu = facts[static_cast<std::size_t>(Fact::cpu_share)],
                        &native = facts[static_cast<std::size_t>(Fact::native_share)];
  if (!cpu.known) return std::nullopt;
  if (cpu.high < 0.3) return Workload::io;
  if (native.known && native.low > 0.6) return Workload::numeric;
  if (cpu.low > 0.7) return Workload::cpu;
  if (cpu.low >= 0.3 && cpu.high <= 0.7) return Workload::mixed;
  return std::nullopt;
}

std::vector<std::string> against(const Measurement& measurement) {
  std::vector<std::string> out;
  if (!measurement.switched_on_by.empty())
    out.push_back("while it was measured the GIL came back with " + join(measurement.switched_on_by, ", "));
  else if (std::ranges::any_of(measurement.samples,
                               [](const MeasuredSample& one) { return one.build == 1 && one.gil_known && one.gil; }))
    out.push_back("while it was measured the GIL came back");
  for (const MeasuredRow& row : measurement.rows)
    if (row.why.starts_with("the answers differ")) out.push_back(row.workload + ": " + row.why);
  return out;
}

}  // namespace ftaudit::adoption
