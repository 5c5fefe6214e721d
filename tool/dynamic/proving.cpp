#include "dynamic/proving.h"

#include <algorithm>
#include <cctype>

#include "base/log.h"
#include "base/text.h"
#include "dynamic/meeting.h"
#include "dynamic/reproducer.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A crash or a deadlock is best shown where there is no sanitizer, if it happened there.
const Variant* best_variant(const ProvingRequest& request, const Sighting& sighting) {
  return sighting.seen.plain && request.plain != nullptr ? request.plain : request.sanitized;
}

class Prover {
 public:
  Prover(Observer& observer, const ProvingRequest& request, Progress& progress)
      : observer_(observer), request_(request), progress_(progress), lines_(request.root), end_(Clock::now() + request.limit) {}

  void prove(Sighting& sighting, const Finding* finding, std::size_t others) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(end_ - Clock::now());
    const Variant* variant = best_variant(request_, sighting);
    std::vector<Act> acts = candidates(sighting, finding);
    if (left < 3s || variant == nullptr || acts.empty() || observer_.stopped()) return;
    const std::string subject = finding != nullptr ? finding->rule + " in " + finding->function : sighting.type + (sighting.sites.empty() ? "" : " in " + sighting.sites.front().function);
    progress_.step(scripts_.size(), subject);
    std::error_code failed;
    fs::create_directories(request_.folder, failed);
    const fs::path script = fs::absolute(request_.folder / file_name(sighting, finding), failed);
    const std::string command = "ftaudit confirm " + request_.project + request_.options + " --workloads tests --test-command 'python " + script.string() + "'";
    const std::string key = sighting.key();
    const auto shows_it = [&](const fs::path& file) -> Result<bool> {
      const auto seen = observer_.run(*variant, {.argv = {variant->python.string(), file.string()}, .folder = request_.folder, .timeout = 60s, .silence = 20s, .park = 5ms}, {.workload = "reproducer"}, false);
      if (!seen) return seen.error();
      if (observer_.stopped()) return Error{"interrupted"};
      return std::any_of(seen->sightings.begin(), seen->sightings.end(), [&](const Sighting& one) { return one.key() == key || (finding != nullptr && shows(one, *finding, lines_)); });
    };
    const auto share = std::max<std::chrono::seconds>(left / static_cast<long>(others + 1), std::min<std::chrono::seconds>(left, 20s));
    const auto made = reproduce({.acts = std::move(acts), .script = script, .heading = subject + "\n\n    " + command, .budget = share}, shows_it);
    if (!made || !*made) {
      if (!made) log::info("no reproducer for " + subject + ": " + made.message());
      fs::remove(script, failed);
      if (fs::is_empty(request_.folder, failed)) fs::remove(request_.folder, failed);
      return;
    }
    sighting.reproducer = command;
    sighting.hits = (*made)->hits, sighting.runs = (*made)->runs;
    scripts_.push_back(script);
  }

  std::vector<fs::path> scripts() { return std::move(scripts_); }

 private:
  // What the driver did when it was seen, then what it does to show the finding, then what reaches its functions.
  std::vector<Act> candidates(const Sighting& sighting, const Finding* finding) const {
    std::vector<Act> out;
    if (request_.stress == nullptr) return out;
    const Scenario* seen_in = request_.stress->scenario_of(sighting);
    const auto add = [&](const Scenario& scenario) {
      auto acts = read_acts(request_.stress->survey_file(), scenario.id);
      if (!acts) return;
      // The one whose threads the report names comes first, or that was under way at the end; then what the finding's entry points do.
      const auto was_it = [&, under_way = act_of_progress(sighting.seen.step)](std::size_t number) {
        return sighting.text.find("'act " + std::to_string(number) + "'") != std::string::npos || (sighting.kind == Sighting::Kind::crash && under_way == number);
      };
      std::vector<Act> rest;
      for (std::size_t number = 0; number < acts->size(); ++number) (&scenario == seen_in && was_it(number) ? out : rest).push_back(std::move((*acts)[number]));
      if (finding != nullptr) rest = likeliest_first(std::move(rest), finding->entry_points);
      for (Act& act : rest) out.push_back(std::move(act));
    };
    if (seen_in != nullptr) add(*seen_in);
    if (finding != nullptr)
      for (const Scenario& scenario : request_.stress->survey().scenarios)
        if (&scenario != seen_in && std::find(scenario.findings.begin(), scenario.findings.end(), finding->fingerprint) != scenario.findings.end()) add(scenario);
    return out;
  }

  std::string file_name(const Sighting& sighting, const Finding* finding) const {
    std::string stem = finding != nullptr ? finding->rule + "_" + finding->function : std::string(name_of(sighting.kind)) + (sighting.sites.empty() ? "" : "_" + sighting.sites.front().function);
    for (char& c : stem)
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    std::string name = "reproduce_" + stem + ".py";
    for (int n = 2; std::any_of(scripts_.begin(), scripts_.end(), [&](const fs::path& known) { return known.filename() == name; }); ++n) name = "reproduce_" + stem + "_" + std::to_string(n) + ".py";
    return name;
  }

  Observer& observer_;
  const ProvingRequest& request_;
  Progress& progress_;
  SourceLines lines_;
  Clock::time_point end_;
  std::vector<fs::path> scripts_;
};

}  // namespace

std::vector<fs::path> prove(Observer& observer, const ProvingRequest& request, std::span<const Finding> findings, Progress& progress) {
  struct Case {
    Sighting* sighting;
    const Finding* finding;
  };
  std::vector<Case> cases;
  SourceLines lines(request.root);
  for (Sighting& sighting : observer.sightings().all()) {
    if (sighting.attribution == Attribution::cpython_only || sighting.kind == Sighting::Kind::gil_switched_on || sighting.kind == Sighting::Kind::runtime_trouble) continue;
    const Finding* best = nullptr;
    for (const Finding& finding : findings)
      if (shows(sighting, finding, lines) && (best == nullptr || finding.severity > best->severity)) best = &finding;
    cases.push_back({&sighting, best});
  }
  std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    const auto rank = [](const Case& one) { return one.finding == nullptr ? -1 : static_cast<int>(one.finding->severity); };
    return rank(a) > rank(b);
  });
  Prover prover(observer, request, progress);
  for (std::size_t i = 0; i < cases.size(); ++i) prover.prove(*cases[i].sighting, cases[i].finding, std::min<std::size_t>(cases.size() - 1 - i, 9));
  return prover.scripts();
}

}  // namespace ftaudit::dynamic
