#include "adoption/weighing.h"

#include <algorithm>

#include "adoption/application_facts.h"
#include "adoption/branches.h"
#include "adoption/evidence.h"
#include "adoption/tried.h"
#include "base/text.h"
#include "reports/measurement.h"
#include "reports/trial.h"

namespace ftaudit::adoption {
namespace {

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

bool has(const AdoptionReport& report, Standing standing) {
  return std::ranges::any_of(report.packages, [&](const PackageReport& one) { return one.standing == standing; });
}

// Memory in the words of people: what threads instead of processes save.
std::string saved(const Measurement& measurement) {
  std::vector<double> pool, threads;
  unsigned lanes = 0;
  for (const MeasuredSample& one : measurement.samples) {
    if (one.lanes < 2 || one.memory == 0) continue;
    if (one.processes && one.build == 0) pool.push_back(static_cast<double>(one.memory)), lanes = one.lanes;
    if (!one.processes && one.build == 1) threads.push_back(static_cast<double>(one.memory));
  }
  if (pool.empty() || threads.empty()) return "";
  const auto middle = [](std::vector<double>& values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
  };
  const double megabytes = (middle(pool) - middle(threads)) / (1 << 20);
  return std::to_string(static_cast<long>(megabytes + 0.5)) + " MB less than " + std::to_string(lanes) +
         " worker processes with the GIL";
}

ApplicationEvidence application(const AdoptionReport& report, const Trial* trial, const Measurement* measurement,
                                Facts& facts) {
  ApplicationEvidence out{.tried = trial != nullptr, .measured = measurement != nullptr};
  if (trial != nullptr) {
    out.trial = reports::head_of(*trial) + "; " + reports::verdict_of(*trial);
    append(out.against, against(*trial));
    if (!trial->incomplete || stands_against(*trial)) set(facts, Fact::tried, stands_against(*trial) ? 0 : 1);
    else facts[static_cast<std::size_t>(Fact::tried)].why = "not all of the trial could be looked at";
  }
  if (measurement != nullptr) {
    out.measurement = reports::head_of(*measurement);
    append(out.against, against(*measurement));
  }
  set(facts, Fact::blocked, out.against.empty() && report.advice.recommendation != Recommendation::not_yet ? 0 : 1);
  out.kind = kind_of(facts);
  return out;
}

void tell_kind(AdoptionReport& report, bool wished) {
  const std::optional<Workload>& measured = report.application->kind;
  if (wished && measured && *measured != report.workload)
    report.notes.push_back("the work was said to be " + std::string(name_of(report.workload)) + ", and is " +
                           std::string(name_of(*measured)) + " as measured: the advice goes by what was measured");
}

void tell_versions(AdoptionReport& report, const Trial* trial, const Measurement* measurement) {
  const auto differs = [&](const std::string& python) { return !python.empty() && python != report.target; };
  const std::string tried = trial == nullptr ? "" : trial->free.name,
                    measured = measurement == nullptr ? "" : measurement->builds[1].name;
  if (differs(tried))
    report.notes.push_back("the trial is of " + tried + ", and the packages are judged for " + report.target);
  if (differs(measured))
    report.notes.push_back("what was measured is " + measured + ", and the packages are judged for " + report.target);
}

void advise(AdoptionReport& report, const Facts& facts, const Measurement* measurement) {
  Advice& advice = report.advice;
  const std::vector<std::string>& seen = report.application->against;
  const Branch& branch = choose(facts);
  advice.branch = branch.name;
  advice.never = {"that it is safe: nothing seen is no proof that nothing races"};
  if (!branch.never.empty()) advice.never.emplace_back(branch.never);
  if (measurement != nullptr)
    advice.never.push_back("anything of more than " + counted(measurement->processors, "processor") +
                           ", of another machine, or of a later Python");
  constexpr std::size_t most = 6;
  for (std::size_t i = 0; i < std::min(seen.size(), most); ++i) advice.rests_on.push_back(seen[i]);
  if (seen.size() > most) advice.rests_on.push_back("and " + std::to_string(seen.size() - most) + " more of the kind");
  append(advice.rests_on, rests_on(branch, facts));
  if (branch.recommendation == Recommendation::none) advice.missing = missing(facts);
  // What it gains is then as open as before the trial, which took nothing away: the packages' own advice stays.
  if (measurement == nullptr && branch.recommendation == Recommendation::none) return;
  advice.because.erase(advice.because.begin());  // what work of a kind gains in general: here it was looked at
  if (advice.recommendation == Recommendation::not_yet) {
    append(advice.rests_on, advice.because);
    return;  // the packages' own words are closer
  }
  advice.because.insert(advice.because.begin(), std::string(branch.because));
  advice.recommendation = branch.recommendation, advice.headline = branch.say;
  if (branch.name == "process-pool" && measurement != nullptr)
    if (const std::string memory = saved(*measurement); !memory.empty()) advice.because.push_back(memory);
  // Findings against a package, or nothing known of it, carry no more than staging.
  if (branch.recommendation == Recommendation::go &&
      (has(report, Standing::hazards) || has(report, Standing::unknown) || report.incomplete))
    advice.recommendation = Recommendation::staging,
    advice.headline = "Try it in staging: it pays, and not all is known of every package";
}

}  // namespace

void lay_beside(AdoptionReport& report, const Trial* trial) {
  if (trial != nullptr) lay_beside(report.packages, *trial);
}

void weigh(AdoptionReport& report, const Trial* trial, const Measurement* measurement, bool wished) {
  fill_evidence(report, trial, measurement);
  if (trial == nullptr && measurement == nullptr) return;
  Facts facts = facts_of(measurement);
  report.application = application(report, trial, measurement, facts);
  report.application->facts.assign(facts.begin() + first_measured, facts.end());
  tell_kind(report, wished), tell_versions(report, trial, measurement);
  advise(report, facts, measurement);
}

}  // namespace ftaudit::adoption
