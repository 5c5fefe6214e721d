#include "dynamic/confirmation.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "dynamic/budget.h"
#include "dynamic/evidence/evidence.h"
#include "dynamic/preparation.h"
#include "dynamic/runs/runs.h"
#include "dynamic/tsan/tsan.h"
#include "dynamic/unmasking.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string in_seconds(milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, time < 10s ? "%.1f s" : "%.0f s", static_cast<double>(time.count()) / 1000);
  return text;
}

std::string where(const Sighting& sighting) {
  std::vector<std::string> sites;
  for (const Site& site : sighting.sites)
    sites.push_back(site.location.file + ":" + std::to_string(site.location.line) +
                    (site.function.empty() ? "" : " (" + site.function + ")"));
  return sites.empty() ? "" : " at " + join(sites, " and ");
}

class Confirmation {
 public:
  Confirmation(const ConfirmationRequest& request, Document& document, Progress& progress)
      : request_(request),
        document_(document),
        progress_(progress),
        began_(Clock::now()),
        budget_(request.budget),
        lines_(document.root) {}

  Status run() {
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

 private:
  Status run_all() {
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
    for (const Workload& workload : workloads) (this->*workload.run)();
    if (observer_->sightings().cpython_only() != 0)
      note(counted(observer_->sightings().cpython_only(), "report") +
           " of ThreadSanitizer had nothing of this project in " +
           (observer_->sightings().cpython_only() == 1 ? "it" : "them"));
    return Done{};
  }

  bool wants(const std::string& workload) const { return request_.workloads.contains(workload); }
  bool stopped() const { return request_.stop != nullptr && request_.stop->load(); }
  void note(const std::string& text) { document_.notes.push_back(text); }
  // In the report and, as it comes, on the screen.
  void tell(const std::string& text) {
    note(text);
    request_.say(text);
  }

  // What is run, in its order. Of what is left of the budget each gets its share, by weight.
  struct Workload {
    std::string_view name;
    std::string_view asked;  // as users name it; what is not asked for needs no share. "": always
    unsigned weight;
    void (Confirmation::*run)();
  };
  static const Workload workloads[11];

  // What is due to a workload now, when all after it that are wanted are still to come.
  milliseconds share(std::string_view name) const {
    const Workload* const own = std::find_if(std::begin(workloads), std::end(workloads),
                                             [&](const Workload& workload) { return workload.name == name; });
    unsigned others = 0;
    for (const Workload* later = own + 1; later != std::end(workloads); ++later)
      if (later->asked.empty() || wants(std::string(later->asked))) others += later->weight;
    return budget_.share(own->weight, others);
  }

  std::vector<std::string> module_names() const {
    std::vector<std::string> out;
    for (const ModuleReport& module : document_.modules) out.push_back(module.name);
    return out;
  }

  Status observe() {
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

  void announce(const Sighting& seen) {
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

  // What was new since the last time it was asked, for the end of a sentence.
  std::string news() {
    const std::size_t n = std::exchange(fresh_, 0);
    return n == 0 ? "" : "; " + counted(n, "thing") + " seen for the first time";
  }

  void note_gil() {
    for (const ImportOutcome& import : prepared_.imports) {
      if (!import.switched_gil_on) continue;
      Sighting seen{
          .kind = Sighting::Kind::gil_switched_on,
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

  void plan_tests() {
    tests_.support = workspace_->folder() / "support";
    tests_.threads = request_.threads;
    tests_.command = request_.test_command;
    if (prepared_.tests) tests_.runner = prepared_.tests->runner, tests_.paths = prepared_.tests->paths;
    if (const Status written = write_test_support(tests_); !written)
      note(written.message()), tests_.runner = Runner::none, tests_.command.clear();
    has_tests_ = tests_.runner != Runner::none || !tests_.command.empty();
    if (!has_tests_ && prepared_.tests)
      tell("no tests were found in this project; --test-command says how to run them where they are elsewhere");
  }

  // Once at full speed, for what the tests take, what fails anyway, and the calls they make, which the stress driver
  // repeats.
  void run_baseline() {
    recorded_ = workspace_->folder() / "recorded";
    std::error_code ignored;
    fs::create_directories(recorded_, ignored);
    if (!prepared_.plain || !has_tests_ ||
        !(wants("tests") || wants("parallel") || wants("repeats") || wants("stress")) || !prepared_.tests)
      return;
    auto driver = StressDriver::write(workspace_->folder() / "recorder");
    const std::vector<std::string> recording = driver && tests_.command.empty()
                                                   ? driver->recording(prepared_.plain->names, recorded_)
                                                   : std::vector<std::string>();
    progress_.stage("the tests on the plain build", 0);
    baseline_ = run_tests(*observer_, *prepared_.plain, tests_, TestStyle::as_is, share("baseline"), request_.patience,
                          recording);
    progress_.finish();
    tell("the tests on the plain build: " + baseline_->describe() + news());
  }

  void prepare_stress() {
    if (!wants("stress")) return;
    const Variant* variant = prepared_.plain       ? &*prepared_.plain
                             : prepared_.sanitized ? &*prepared_.sanitized
                                                   : nullptr;
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

  // Whether nothing has shown a finding yet.
  bool is_open(const std::string& fingerprint) const {
    for (const Finding& finding : document_.findings)
      if (finding.fingerprint == fingerprint)
        return std::none_of(observer_->sightings().all().begin(), observer_->sightings().all().end(),
                            [&](const Sighting& seen) {
                              return lacking(seen).empty() && shows(seen, finding, lines_, request_.function_at);
                            });
    return false;
  }
  bool aims_at_open(const Scenario& scenario) const {
    return std::any_of(scenario.findings.begin(), scenario.findings.end(),
                       [&](const std::string& f) { return is_open(f); });
  }

  void run_stress(const char* what, const Variant& variant, StressRuns::Request request, unsigned passes = 1) {
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

  // What happens once in a process, a first use, gets several chances.
  void run_directed() {
    if (prepared_.sanitized)
      run_stress(
          "stress on what the findings name", *prepared_.sanitized,
          {.limit = share("directed"), .slower = 2, .wanted = [this](const Scenario& s) { return aims_at_open(s); }},
          6);
  }

  // Each operation of each type once in the first half of the time, whatever the findings say.
  void run_sweep() {
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

  milliseconds patience() const {
    // Of a test that says nothing: ThreadSanitizer makes it up to thirty times slower.
    const milliseconds plain = baseline_ ? baseline_->lasted : milliseconds(0);
    return std::clamp<milliseconds>(plain * 10, request_.patience, request_.patience * 5);
  }

  void run_suite() { run_sanitized_tests("tests", "the tests under ThreadSanitizer", TestStyle::as_is); }

  void run_parallel() {
    if (tests_.command.empty())
      run_sanitized_tests("parallel", "each test by several threads under ThreadSanitizer", TestStyle::parallel);
  }

  void run_sanitized_tests(const char* workload, const char* what, TestStyle style) {
    if (!has_tests_ || !prepared_.sanitized || !wants(workload) || stopped()) return;
    progress_.stage(what, 0);
    const TestRun run = run_tests(*observer_, *prepared_.sanitized, tests_, style, share(workload), patience());
    progress_.finish();
    tell(std::string(what) + ": " + run.describe() + new_failures(run) + news());
  }

  // Tests that pass on the plain build, alone, and fail here.
  std::string new_failures(const TestRun& run) const {
    if (!baseline_) return {};
    std::vector<std::string> fresh;
    for (const std::string& test : run.failing)
      if (std::find(baseline_->failing.begin(), baseline_->failing.end(), test) == baseline_->failing.end())
        fresh.push_back(test);
    if (fresh.empty()) return {};
    const std::size_t all = fresh.size();
    if (all > 3) fresh.resize(3);
    return "; failing only here: " + join(fresh, ", ") + (all > 3 ? " and " + std::to_string(all - 3) + " more" : "");
  }

  void run_repeats() {
    if (!wants("repeats") || !has_tests_ || !prepared_.plain || stopped()) return;
    const milliseconds limit = share("repeats");
    const auto end = Clock::now() + limit;
    const TestStyle style = tests_.command.empty() ? TestStyle::parallel : TestStyle::as_is;
    std::size_t rounds = 0, bad = 0;
    std::string first_problem;
    std::set<std::string> failing;
    progress_.stage("repeats on the plain build", 0);
    while (!stopped() && rounds < 50) {
      const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
      if (left < 2s) break;
      progress_.step(rounds, "round " + std::to_string(rounds + 1));
      const TestRun run = run_tests(*observer_, *prepared_.plain, tests_, style, left, request_.patience);
      if (run.cut_short && rounds > 0) break;
      ++rounds;
      failing.insert(run.failing.begin(), run.failing.end());
      if (!run.given_up.empty() || !run.problem.empty()) ++bad;
      if (first_problem.empty()) first_problem = !run.given_up.empty() ? run.given_up.front() : run.problem;
      if (!run.problem.empty() && run.passed == 0) break;
    }
    progress_.finish();
    if (baseline_)
      for (const std::string& test : baseline_->failing) failing.erase(test);
    std::string text = counted(rounds, "repeat") + " on the plain build, each test by several threads";
    if (style == TestStyle::as_is) text = counted(rounds, "repeat") + " on the plain build";
    if (bad != 0) text += ": " + std::to_string(bad) + " did not end well, the first: " + first_problem;
    if (!failing.empty())
      text += ": " + counted(failing.size(), "test") + " failed that otherwise " +
              (failing.size() == 1 ? "passes" : "pass") + ", among them " + *failing.begin();
    if (bad == 0 && failing.empty()) text += ": nothing new";
    tell(text + news());
  }

  void run_pairs() {
    if (!stress_) return;
    if (prepared_.plain)
      run_stress("stress on the plain build", *prepared_.plain,
                 {.limit = share("pairs") / 3, .wanted = [](const Scenario&) { return true; }});
    if (prepared_.sanitized)
      run_stress(
          "stress on all pairs", *prepared_.sanitized,
          {.limit = share("pairs"), .slower = 2, .wanted = [](const Scenario& s) { return s.findings.empty(); }});
  }

  // What was found already no longer hides what was not.
  void run_unmasked() {
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

  void run_controls() {
    if (stress_)
      control(*observer_, *stress_,
              {.sanitized = prepared_.sanitized ? &*prepared_.sanitized : nullptr,
               .plain = prepared_.plain ? &*prepared_.plain : nullptr,
               .limit = share("controls")},
              progress_);
  }

  void prove_what_was_seen() {
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

  const ConfirmationRequest& request_;
  Document& document_;
  Progress& progress_;
  Clock::time_point began_;
  Budget budget_;
  mutable SourceLines lines_;
  Prepared prepared_;
  std::optional<Workspace> workspace_;
  std::optional<Observer> observer_;
  std::optional<StressRuns> stress_;
  TestPlan tests_;
  bool has_tests_ = false;
  fs::path recorded_;
  std::optional<TestRun> baseline_;
  std::optional<milliseconds> first_;
  std::size_t fresh_ = 0;
  std::map<std::string, unsigned> shown_;  // by workload
};

const Confirmation::Workload Confirmation::workloads[11] = {
    {"baseline", "", 2, &Confirmation::run_baseline},
    {"survey", "stress", 2, &Confirmation::prepare_stress},
    {"directed", "stress", 8, &Confirmation::run_directed},
    {"sweep", "stress", 2, &Confirmation::run_sweep},
    {"tests", "tests", 4, &Confirmation::run_suite},
    {"parallel", "parallel", 4, &Confirmation::run_parallel},
    {"repeats", "repeats", 2, &Confirmation::run_repeats},
    {"pairs", "stress", 3, &Confirmation::run_pairs},
    {"unmasked", "stress", 1, &Confirmation::run_unmasked},
    {"controls", "stress", 1, &Confirmation::run_controls},
    {"proofs", "stress", 5, &Confirmation::prove_what_was_seen},
};

}  // namespace

Status confirm(const ConfirmationRequest& request, Document& document, Progress& progress) {
  return Confirmation(request, document, progress).run();
}

}  // namespace ftaudit::dynamic
