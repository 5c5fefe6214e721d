#include "adoption/adopting.h"

#include <algorithm>
#include <sstream>

#include "adoption/adoption.h"
#include "adoption/weighing.h"
#include "base/interruption.h"
#include "base/text.h"
#include "dynamic/budget.h"
#include "packages/names/names.h"
#include "reports/measurement.h"
#include "reports/trial.h"
#include "trial/comparison.h"

namespace ftaudit::adoption {
namespace {

using namespace std::chrono_literals;

// Parts of the time that is left when each begins. Confirm gets what the others leave.
constexpr unsigned weight_of_trial = 4, weight_of_measurement = 3, weight_of_confirm = 3;
// Less is not worth the start of it.
constexpr auto shortest_trial = 20s, shortest_measurement = 20s, shortest_confirm = 60s;

class Adopting {
 public:
  Adopting(AdoptRequest& request, Progress& progress)
      : request_(request), progress_(progress), budget_(request.budget) {}

  Result<AdoptionReport> all() {
    std::error_code failed;
    fs::create_directories(request_.folder, failed);
    if (failed) return Error{"cannot make " + request_.folder.string() + ": " + failed.message()};
    auto scratch = ScratchFolder::make("adopt");
    if (!scratch.ok()) return scratch.error();
    environments_ = scratch->path() / "trial";
    Result<AdoptionReport> report = run_adoption(request_.packages, progress_);
    if (!report.ok()) return report.error();
    say("packages: " + std::string(title_of(report->advice.recommendation)));
    if (goes_on(shortest_trial, "trial")) try_it();
    if (!request_.workloads.empty() && goes_on(shortest_measurement, "measurement")) measure();
    rejudge(*report, request_.packages);
    if (request_.confirm && !asked_to_finish()) confirm(*report);
    for (const std::string& text : left_out_) report->problems.push_back(text);
    report->incomplete = report->incomplete || !left_out_.empty() || (trial() && trial()->incomplete);
    return report;
  }

 private:
  const std::optional<Trial>& trial() const { return request_.packages.trial; }

  void say(const std::string& text) const { request_.trial.say(text); }

  // Whether there is time for it; if not, that it was left out is said.
  template <class Time> bool goes_on(Time shortest, const std::string& part) {
    if (asked_to_finish()) return left_out_.push_back("interrupted before the " + part), false;
    if (budget_.left() >= shortest) return true;
    return left_out_.push_back("no time was left for the " + part + ": a longer --budget"), false;
  }

  void try_it() {
    trial::TrialRequest asked = request_.trial;
    asked.keep = environments_.string();
    const unsigned others =
        (request_.workloads.empty() ? 0 : weight_of_measurement) + (request_.confirm ? weight_of_confirm : 0);
    asked.budget = std::chrono::duration_cast<std::chrono::seconds>(budget_.share(weight_of_trial, others));
    auto made = trial::try_application(asked, progress_);
    if (!made.ok()) return left_out_.push_back("trial: " + made.message());
    made->tool_version = request_.tool_version, made->date = request_.date;
    say(reports::verdict_of(*made));
    keep("trial.json", [&](std::ostream& out) { reports::write_trial_json(out, *made); });
    keep("trial.html", [&](std::ostream& out) { reports::write_trial_html(out, *made); });
    request_.packages.trial = std::move(*made);
  }

  // In the environments of the trial, which have what the application needs.
  void measure() {
    trial::MeasureRequest asked{
        .what = request_.measured,
        .workloads = request_.workloads,
        .pythons = {environments_ / "gil/bin/python", environments_ / "free/bin/python"},
        .budget = budget_.share(weight_of_measurement, request_.confirm ? weight_of_confirm : 0),
        .allow_different_builds = request_.allow_different_builds};
    std::error_code ignored;
    if (!fs::exists(asked.pythons[0], ignored) || !fs::exists(asked.pythons[1], ignored))
      asked.pythons = {request_.trial.gil.executable, request_.trial.free.executable};
    auto made = trial::compare(asked, progress_);
    if (!made.ok()) return left_out_.push_back("measurement: " + made.message());
    made->tool_version = request_.tool_version, made->date = request_.date;
    keep("measure.json", [&](std::ostream& out) { reports::write_measurement_json(out, *made); });
    keep("measure.html", [&](std::ostream& out) { reports::write_measurement_html(out, *made); });
    say(reports::head_of(*made));
    request_.packages.measurement = std::move(*made);
  }

  // One after the other, each with its part of what is left; the packages are read from the cache by then.
  void confirm(AdoptionReport& report) {
    std::vector<std::string> names = stand_out(report);
    if (names.empty()) return;
    const auto possible = static_cast<std::size_t>(budget_.left() / std::chrono::milliseconds(shortest_confirm));
    for (std::size_t i = possible; i < names.size(); ++i)
      left_out_.push_back("no time was left to confirm " + names[i] + ": ftaudit report " + names[i] + " --confirm " +
                          names[i]);
    names.resize(std::min(names.size(), possible));
    if (names.empty()) return;
    say("confirming what stands out: " + join(names, ", "));
    Request again = request_.packages;
    again.confirm = names, again.confirm_reports = (request_.folder / "confirmed").string();
    again.budget = std::chrono::duration_cast<std::chrono::seconds>(budget_.left() / names.size());
    Result<AdoptionReport> made = run_adoption(again, progress_);
    if (made.ok() && !made->packages.empty()) report = std::move(*made);
    if (!made.ok()) left_out_.push_back("confirm: " + made.message());
    if (asked_to_finish()) left_out_.push_back("interrupted while packages were confirmed");
  }

  void keep(const char* name, const std::function<void(std::ostream&)>& write) {
    std::ostringstream text;
    write(text);
    if (const Status written = write_file(request_.folder / name, text.str()); !written)
      left_out_.push_back(written.message());
  }

  AdoptRequest& request_;
  Progress& progress_;
  dynamic::Budget budget_;
  fs::path environments_;
  std::vector<std::string> left_out_;
};

}  // namespace

std::vector<std::string> stand_out(const AdoptionReport& report) {
  std::vector<std::pair<int, std::string>> found;
  for (const PackageReport& one : report.packages) {
    const bool compiled = !one.modules.empty() || one.standing == Standing::no_wheel;
    const bool incident = one.trial && !one.trial->incidents.empty();
    if (!compiled || one.confirm) continue;
    const bool proven = incident && std::ranges::any_of(one.trial->incidents, &TrialSummary::Incident::proven);
    if (proven) found.emplace_back(0, one.name);
    else if (incident) found.emplace_back(1, one.name);
    else if (one.scan && one.scan->high > 0) found.emplace_back(2, one.name);
    else if (one.standing == Standing::hazards) found.emplace_back(3, one.name);
  }
  std::ranges::stable_sort(found, {}, &std::pair<int, std::string>::first);
  std::vector<std::string> out;
  for (const auto& [rank, name] : found) out.push_back(name);
  return out;
}

Result<AdoptionReport> adopt(AdoptRequest request, Progress& progress) { return Adopting(request, progress).all(); }

}  // namespace ftaudit::adoption
