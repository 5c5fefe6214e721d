// Campaign, the part of the stress driver: what can be called, by several threads, and what proves what was seen.
#include <algorithm>

#include "base/text.h"
#include "dynamic/campaign.h"
#include "dynamic/unmasking.h"

namespace ftaudit::dynamic {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

void Campaign::prepare_stress() {
  if (!wants("stress")) return;
  const Variant* variant = prepared_.plain ? &*prepared_.plain : prepared_.sanitized ? &*prepared_.sanitized : nullptr;
  if (variant == nullptr || stopped() || budget_.spent()) return;
  StressPlan plan{.modules = variant->names,
                  .entries = request_.entries,
                  .recorded = recorded_,
                  .seed = request_.seed,
                  .threads = request_.threads};
  std::set<std::string> packages;
  for (const std::string& module : variant->names)
    if (const std::size_t dot = module.rfind('.'); dot != std::string::npos) packages.insert(module.substr(0, dot));
  plan.packages.assign(packages.begin(), packages.end());
  plan.stubs = {site_packages(variant->python), variant->source};
  if (prepared_.tests)
    for (const std::string& path : prepared_.tests->paths) plan.tests.push_back(variant->source / path);
  plan.targets = targets_of(document_.findings, request_.function_at);
  plan.types = document_.types;
  plan.seconds_for_pairs = std::max(10.0, std::chrono::duration<double>(share("pairs")).count() / 4);
  // It ends by itself with what it knows by then; the limit is for a driver that does not.
  const auto limit = std::max<milliseconds>(share("survey"), 20s);
  plan.seconds_for_survey = std::chrono::duration<double>(limit).count();
  progress_.stage("finding out what can be called", 0);
  auto stress = StressRuns::prepare(workspace_->folder() / "stress", plan, *observer_, *variant, limit + 30s);
  progress_.finish();
  if (!stress) return tell(stress.message());
  stress_.emplace(std::move(*stress));
  const Survey& found = stress_->survey();
  tell("stress driver: made " + std::to_string(found.types.done) + " of " + std::to_string(found.types.of) +
       " types, can call " + std::to_string(found.operations.done) + " of " + std::to_string(found.operations.of) +
       " operations, " + counted(found.scenarios.size(), "scenario"));
  for (const std::string& call : found.dangerous) note("one thread alone is enough to end the process: " + call);
}

bool Campaign::is_open(const std::string& fingerprint) const {
  for (const Finding& finding : document_.findings)
    if (finding.fingerprint == fingerprint)
      return std::none_of(observer_->sightings().all().begin(), observer_->sightings().all().end(),
                          [&](const Sighting& seen) {
                            return lacking(seen).empty() && shows(seen, finding, lines_, request_.function_at);
                          });
  return false;
}

bool Campaign::aims_at_open(const Scenario& scenario) const {
  return std::any_of(scenario.findings.begin(), scenario.findings.end(),
                     [&](const std::string& f) { return is_open(f); });
}

void Campaign::run_stress(const char* what, const Variant& variant, StressRuns::Request request, unsigned passes) {
  const milliseconds limit = request.limit;
  if (!stress_ || stopped() || limit < 2s) return;
  progress_.stage(what, 0);
  StressRuns::Outcome all;
  for (unsigned pass = 0; pass < passes && !stopped() && limit - all.lasted >= 2s; ++pass) {
    request.limit = limit - all.lasted;
    const StressRuns::Outcome out = stress_->run(*observer_, variant, request, progress_);
    if (out.run == 0) break;
    all.of = std::max(all.of, out.of), all.run += out.run, all.crashed += out.crashed, all.hung += out.hung,
    all.lasted += out.lasted;
  }
  progress_.finish();
  if (all.of == 0) return;
  const std::string scenarios =
      (all.run > all.of ? counted(all.run, "run") : std::to_string(all.run)) + " of " + counted(all.of, "scenario");
  tell(std::string(what) + ": " + scenarios + " in " + in_seconds(all.lasted) +
       (all.crashed != 0 ? ", " + std::to_string(all.crashed) + " crashed" : "") +
       (all.hung != 0 ? ", " + std::to_string(all.hung) + " hung" : "") + news());
}

void Campaign::run_directed() {
  if (prepared_.sanitized)
    run_stress(
        "stress on what the findings name", *prepared_.sanitized,
        {.limit = share("directed"), .slower = 2, .wanted = [this](const Scenario& s) { return aims_at_open(s); }}, 6);
}

void Campaign::run_sweep() {
  if (!stress_ || !prepared_.sanitized) return;
  const auto wanted = [](const Scenario& s) { return s.kind == "sweep"; };
  const auto& all = stress_->survey().scenarios;
  const auto least = 3s * std::count_if(all.begin(), all.end(), wanted);
  run_stress("stress on every operation", *prepared_.sanitized,
             {.limit = std::max<milliseconds>(share("sweep"), std::min<milliseconds>(least, budget_.left() / 4)),
              .slower = 2,
              .wanted = wanted,
              .all = true});
}

void Campaign::run_pairs() {
  if (!stress_) return;
  if (prepared_.plain)
    run_stress("stress on the plain build", *prepared_.plain,
               {.limit = share("pairs") / 3, .wanted = [](const Scenario&) { return true; }});
  if (prepared_.sanitized)
    run_stress("stress on all pairs", *prepared_.sanitized,
               {.limit = share("pairs"), .slower = 2, .wanted = [](const Scenario& s) { return s.findings.empty(); }});
}

void Campaign::run_unmasked() {
  if (!stress_ || !prepared_.sanitized) return;
  std::vector<RacingPair> found;
  for (const Sighting& seen : observer_->sightings().all())
    if (seen.kind == Sighting::Kind::data_race && !seen.sites.empty())
      found.emplace_back(seen.sites.front().function, seen.sites.back().function);
  std::vector<std::string> waiting;
  for (const StressPlan::Target& target : targets_of(document_.findings, request_.function_at))
    if (is_open(target.finding)) waiting.insert(waiting.end(), target.functions.begin(), target.functions.end());
  if (found.empty() || waiting.empty()) return;
  const std::string lines = unmasking_suppressions(found, waiting);
  if (!lines.empty())
    run_stress("stress with what was seen taken out", *prepared_.sanitized,
               {.limit = share("unmasked"),
                .slower = 2,
                .wanted = [this](const Scenario& s) { return aims_at_open(s); },
                .suppressed = {lines}});
}

void Campaign::run_controls() {
  if (stress_)
    control(*observer_, *stress_,
            {.sanitized = prepared_.sanitized ? &*prepared_.sanitized : nullptr,
             .plain = prepared_.plain ? &*prepared_.plain : nullptr,
             .limit = share("controls")},
            progress_);
}

void Campaign::prove_what_was_seen() {
  if (stopped() || observer_->sightings().all().empty()) return;
  progress_.stage("making reproducers", 0);
  const fs::path folder = request_.reproducers.empty() ? workspace_->folder() / "reproducers" : request_.reproducers;
  const auto scripts = prove(*observer_,
                             {.sanitized = prepared_.sanitized ? &*prepared_.sanitized : nullptr,
                              .plain = prepared_.plain ? &*prepared_.plain : nullptr,
                              .stress = stress_ ? &*stress_ : nullptr,
                              .folder = folder,
                              .root = document_.root,
                              .function_at = request_.function_at,
                              .project = request_.shown_path,
                              .options = request_.shown_options,
                              .limit = budget_.left()},
                             document_.findings, progress_);
  progress_.finish();
  if (!scripts.empty()) tell(counted(scripts.size(), "reproducer") + " in " + folder.string());
}

}  // namespace ftaudit::dynamic
