#include "dynamic/campaign.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "dynamic/tsan/tsan.h"

namespace ftaudit::dynamic {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string in_seconds(milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, time < 10s ? "%.1f s" : "%.0f s", static_cast<double>(time.count()) / 1000);
  return text;
}

namespace {

std::string where(const Sighting& sighting) {
  std::vector<std::string> sites;
  for (const Site& site : sighting.sites)
    sites.push_back(site.location.file + ":" + std::to_string(site.location.line) +
                    (site.function.empty() ? "" : " (" + site.function + ")"));
  return sites.empty() ? "" : " at " + join(sites, " and ");
}

}  // namespace

Status Campaign::run() {
  const Status done = run_all();
  const bool any = observer_ && observer_->runs() > 0;
  progress_.finish();
  Runs runs{.any = any,
            .why_none = done ? "" : done.message(),
            .screened = request_.light,
            .counted = request_.build,
            .function_at = request_.function_at};
  if (!any && done)
    runs.why_none = stopped() ? "it was interrupted before anything was run" : "none of its workloads could be run";
  static const Coverage nothing;
  meet(document_, observer_ ? std::span<const Sighting>(observer_->sightings().all()) : std::span<const Sighting>(),
       observer_ ? observer_->coverage() : nothing, runs);
  if (stopped()) note("it was interrupted; what comes after that was not run");
  return done;
}

Status Campaign::run_all() {
  auto workspace = Workspace::make(request_.keep);
  if (!workspace) return workspace.error();
  workspace_.emplace(std::move(*workspace));
  auto prepared = prepare({.project = request_.project,
                           .plain = request_.plain,
                           .tsan = request_.tsan,
                           .light = request_.light,
                           .build = request_.build,
                           .modules = module_names(),
                           .with = request_.with,
                           .tests = wants("tests") || wants("parallel") || wants("repeats"),
                           .say = request_.say},
                          *workspace_, progress_);
  progress_.finish();
  if (!prepared) return prepared.error();
  prepared_ = std::move(*prepared);
  // Builds cannot be hurried; to have built for nothing would be worse than to be late.
  if (const auto least = std::chrono::duration_cast<milliseconds>(request_.budget) / 2; budget_.grant(least))
    tell("building took so much of the budget that " + in_seconds(least) + " are added for running");
  for (const std::string& text : prepared_.notes) note(text);
  if (const Status done = observe(); !done) return done;
  note_gil();
  plan_tests();
  for (const Workload& workload : workloads()) (this->*workload.run)();
  if (observer_->sightings().cpython_only() != 0)
    note(counted(observer_->sightings().cpython_only(), "report") +
         " of ThreadSanitizer had nothing of this project in " +
         (observer_->sightings().cpython_only() == 1 ? "it" : "them"));
  return Done{};
}

milliseconds Campaign::share(std::string_view name) const {
  const std::span<const Workload> all = workloads();
  const auto own = std::ranges::find(all, name, &Workload::name);
  unsigned others = 0;
  for (auto later = own + 1; later != all.end(); ++later)
    if (later->asked.empty() || wants(std::string(later->asked))) others += later->weight;
  return budget_.share(own->weight, others);
}

std::vector<std::string> Campaign::module_names() const {
  std::vector<std::string> out;
  for (const ModuleReport& module : document_.modules) out.push_back(module.name);
  return out;
}

Status Campaign::observe() {
  Observer::Setting setting{.folder = workspace_->folder() / "runs", .stop = request_.stop};
  setting.ours.built_elsewhere = !request_.build;
  setting.ours.roots.push_back({request_.project->root, ""});
  for (const auto* variant : {&prepared_.sanitized, &prepared_.plain})
    if (variant->has_value()) {
      setting.ours.roots.push_back({(*variant)->source, ""});
      setting.ours.modules.insert(setting.ours.modules.end(), (*variant)->modules.begin(), (*variant)->modules.end());
    }
  setting.ours.python_includes = request_.plain.include_folders;
  if (request_.tsan)
    setting.ours.python_includes.insert(setting.ours.python_includes.end(), request_.tsan->include_folders.begin(),
                                        request_.tsan->include_folders.end());
  const python::Interpreter& host = request_.tsan ? *request_.tsan : request_.plain;
  auto suppressions =
      suppressions_for(std::to_string(host.major) + "." + std::to_string(host.minor), request_.suppressions);
  if (!suppressions) return suppressions.error();
  setting.suppressions = std::move(*suppressions);
  if (request_.tsan)
    if (auto known = known_tsan_options(request_.tsan->executable)) setting.known_options = std::move(*known);
  setting.sites = workspace_->folder() / "sites";
  if (const Status written = write_sites(setting.sites, rendezvous_of(document_.findings, request_.function_at));
      !written)
    return written;
  setting.news = [this](const Sighting& seen) { announce(seen); };
  observer_.emplace(std::move(setting));
  return Done{};
}

void Campaign::announce(const Sighting& seen) {
  if (seen.attribution == Attribution::cpython_only || seen.kind == Sighting::Kind::runtime_trouble) return;
  const auto after = std::chrono::duration_cast<milliseconds>(Clock::now() - began_);
  if (!first_) {
    first_ = after;
    note("the first thing was seen " + in_seconds(after) + " after the start");
  }
  // One racy object gives dozens; a few say what is going on, and the report has them all.
  ++fresh_;
  if (shown_[seen.seen.workload]++ < 3)
    request_.say("after " + in_seconds(after) + ", by " + seen.seen.workload + ": " + seen.type + where(seen));
}

std::string Campaign::news() {
  const std::size_t n = std::exchange(fresh_, 0);
  return n == 0 ? "" : "; " + counted(n, "thing") + " seen for the first time";
}

void Campaign::note_gil() {
  for (const ImportOutcome& import : prepared_.imports) {
    if (!import.switched_gil_on) continue;
    Sighting seen{.kind = Sighting::Kind::gil_switched_on,
                  .type = "the GIL switched on by importing " + import.module,
                  .place = import.module,
                  .seen = {.workload = "import", .command = "python -c 'import " + import.module + "'", .plain = true}};
    for (const ModuleReport& module : document_.modules)
      if (module.name == import.module || module.name.ends_with("." + import.module) ||
          import.module.ends_with("." + module.name))
        seen.sites = {{.location = module.location, .function = module.init}};
    observer_->sightings().add(std::move(seen));
  }
}

std::span<const Campaign::Workload> Campaign::workloads() {
  static constexpr Workload all[] = {
      {"baseline", "", 2, &Campaign::run_baseline},
      {"survey", "stress", 2, &Campaign::prepare_stress},
      {"directed", "stress", 8, &Campaign::run_directed},
      {"sweep", "stress", 2, &Campaign::run_sweep},
      {"tests", "tests", 4, &Campaign::run_suite},
      {"parallel", "parallel", 4, &Campaign::run_parallel},
      {"repeats", "repeats", 2, &Campaign::run_repeats},
      {"pairs", "stress", 3, &Campaign::run_pairs},
      {"unmasked", "stress", 1, &Campaign::run_unmasked},
      {"controls", "stress", 1, &Campaign::run_controls},
      {"proofs", "stress", 5, &Campaign::prove_what_was_seen},
  };
  return all;
}

Status confirm(const ConfirmationRequest& request, Document& document, Progress& progress) {
  return Campaign(request, document, progress).run();
}

}  // namespace ftaudit::dynamic
