#include "trial/trial.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "packages/inputs/inputs.h"
#include "trial/guilt.h"
#include "trial/next_steps.h"
#include "trial/package_rows.h"
#include "trial/service_rounds.h"
#include "trial/suite_rounds.h"

namespace ftaudit::trial {
namespace {

// Whether installers take the folder: a setup.py, or a pyproject.toml that is not for tools alone.
bool is_installable(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "setup.py", ignored)) return true;
  const auto text = read_file(folder / "pyproject.toml", 16u << 20);
  if (!text) return false;
  for (const std::string& line : split(*text, '\n'))
    if (const std::string_view head = trim(line); head == "[project]" || head == "[build-system]") return true;
  return false;
}

// For pip, and for uv.
std::vector<std::string> index_environment(const TrialRequest& request) {
  std::vector<std::string> out{"PIP_RETRIES=2"};
  if (!request.index_url.empty())
    out.insert(out.end(), {"PIP_INDEX_URL=" + request.index_url, "UV_INDEX_URL=" + request.index_url});
  if (!request.find_links.empty())
    out.insert(out.end(),
               {"PIP_FIND_LINKS=" + join(request.find_links, " "), "UV_FIND_LINKS=" + join(request.find_links, ",")});
  if (request.no_index) out.insert(out.end(), {"PIP_NO_INDEX=1", "UV_NO_INDEX=1"});
  return out;
}

TriedInterpreter told(const python::Interpreter& one) { return {one.name, one.version, one.executable.string()}; }

class Trying {
 public:
  Trying(const TrialRequest& request, dynamic::Workspace& workspace, Progress& progress)
      : request_(request), workspace_(workspace), progress_(progress) {
    out_.application = request.shown, out_.gil = told(request.gil), out_.free = told(request.free);
    out_.threads = request.threads, out_.rounds = request.rounds;
  }

  Result<Trial> all() {
    const auto tests = dynamic::describe_tests(request_.application, request_.free.executable);
    if (tests) tests_ = *tests;
    else note(tests.message(), true);
    if (const Status done = install_both(); !done) return done.error();
    out_.packages = package_rows(gil_, free_);
    for (const TriedPackage& one : out_.packages)
      if (one.state == TriedPackage::State::cannot_install_anywhere && !one.for_tests)
        note(one.name + " is not there, so what the application does with it was not tried", true);
    if (!*request_.stop) import_everything();
    if (!*request_.stop) run_tests();
    if (*request_.stop) note("interrupted: what was known by then", true);
    out_.next = next_steps(out_, free_);
    return std::move(out_);
  }

 private:
  void note(const std::string& text, bool incomplete) {
    out_.notes.push_back(text), out_.incomplete = out_.incomplete || incomplete;
  }

  // What the application's lock files name, in all their extras and groups.
  std::vector<packages::Wanted> locked() const {
    std::vector<packages::Wanted> out;
    const auto target = packages::parse_target(request_.free.name, packages::this_platform());
    for (const char* lock : {"uv.lock", "poetry.lock", "pylock.toml"}) {
      std::error_code ignored;
      const fs::path file = request_.application / lock;
      if (!target.ok() || !fs::exists(file, ignored)) continue;
      const auto read = packages::read_input(file.string(), {.target = *target, .extras = {"*"}, .groups = {"*"}});
      if (read.ok()) out.insert(out.end(), read->wanted.begin(), read->wanted.end());
    }
    return out;
  }

  // The versions that the application's lock file, or what its tests say they need, names exactly: what they are known
  // to work with. Those of requirements files are in the files.
  std::vector<std::string> pins() const {
    std::vector<std::string> out = request_.with.empty() ? tests_.pins : std::vector<std::string>();
    std::set<std::string> known;
    for (const std::string& one : out) known.insert(packages::normal_name(one.substr(0, one.find("=="))));
    for (const packages::Wanted& one : locked())
      if (one.kind == packages::Wanted::Kind::pinned && one.path.empty() && one.url.empty() &&
          known.insert(packages::normal_name(one.requirement.name)).second)
        out.push_back(one.requirement.name + "==" + one.version);
    return out;
  }

  // Of an application that is not installed itself, and has a lock file: that, as a requirements file for both builds,
  // each of which has wheels of its own.
  fs::path requirements_of_lock() {
    std::set<std::string> names, folders;
    std::string text;
    for (const packages::Wanted& one : locked()) {
      std::error_code ignored;
      const bool file = !one.path.empty() && fs::is_regular_file(one.path, ignored);
      if ((!one.path.empty() && !file) || !names.insert(packages::normal_name(one.requirement.name)).second) continue;
      if (file) folders.insert(fs::absolute(one.path).parent_path().string());
      text += one.requirement.name + (one.version.empty() ? "" : "==" + one.version) + "\n";
    }
    if (text.empty()) return {};
    for (const std::string& folder : folders) text += "--find-links " + folder + "\n";
    const fs::path out = workspace_.folder() / "locked.txt";
    if (const Status written = write_file(out, text); !written) return note(written.message(), true), fs::path();
    return out;
  }

  // A path of a requirements file as it is taken by itself: relative to the file as it was read, or else to the
  // application, as installers that are started there do.
  std::string place_of(const fs::path& path) const {
    std::error_code ignored;
    if (fs::exists(path, ignored) || path.is_relative()) return path.string();
    for (const fs::path& file : request_.requirements) {
      const fs::path inside = request_.application / path.lexically_relative(file.parent_path());
      if (fs::exists(inside, ignored)) return inside.lexically_normal().string();
    }
    return path.string();
  }

  Wanted wanted() {
    Wanted out{.application = is_installable(request_.application), .files = request_.requirements};
    std::error_code ignored;
    if (out.files.empty() && !out.application && fs::exists(request_.application / "requirements.txt", ignored))
      out.files = {request_.application / "requirements.txt"};
    if (out.files.empty() && !out.application)
      if (const fs::path lock = requirements_of_lock(); !lock.empty()) out.files = {lock};
    for (const fs::path& file : out.files) {
      const auto read = packages::read_requirements(file, {});
      if (!read) {
        note(read.message(), true);
        continue;
      }
      for (const packages::Wanted& one : read->wanted)
        out.requirements.push_back(!one.path.empty()  ? place_of(one.path)
                                   : !one.url.empty() ? one.url
                                                      : one.requirement.text());
    }
    out.pins = pins();
    out.tests = request_.with.empty() ? tests_.requirements : request_.with;
    if (request_.with.empty()) out.extras = tests_.extras;
    if (request_.test_command.empty() && tests_.runner == dynamic::Runner::pytest)
      for (const char* tool : {"pytest", "pytest-run-parallel"})
        if (std::ranges::find(out.tests, tool) == out.tests.end()) out.tests.push_back(tool);
    return out;
  }

  // The one without the GIL chooses the versions: the other one keeps to them where it can.
  Status install_both() {
    Wanted all = wanted();
    const auto one = [&](const python::Interpreter& python, const std::string& name,
                         const std::vector<std::string>& constraints) {
      const auto began = std::chrono::steady_clock::now();
      progress_.stage("installing for " + python.name, 0);
      auto done = install(workspace_, python, name, request_.application, all, constraints, progress_);
      progress_.finish();
      if (done)
        request_.say(
            "installed for " + python.name + ": " + counted(done->distributions.size(), "distribution") +
            (done->refused.empty() ? "" : ", " + std::to_string(done->refused.size()) + " refused") + " (" +
            std::to_string(
                std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count()) +
            " s)");
      return done;
    };
    auto free = one(request_.free, "free", {});
    if (!free) return free.error();
    free_ = std::move(*free);
    if (*request_.stop) return Done{};
    std::vector<std::string> versions;
    for (const Distribution& each : free_.distributions)
      if (each.folder.empty() && each.name != "pip") versions.push_back(each.name + "==" + each.version);
    // What tests need and cannot have here they do not get there: they would fail here alone, and not by the
    // interpreter.
    if (free_.apart) all.extras.clear(), all.tests = free_.tests;
    auto gil = one(request_.gil, "gil", versions);
    if (!gil) return gil.error();
    gil_ = std::move(*gil);
    out_.installed = true;
    return Done{};
  }

  // All compiled modules, in one process, as an application has them; those that fail once more by themselves.
  void import_everything() {
    std::vector<std::string> modules, failed;
    for (const Distribution& one : free_.distributions)
      modules.insert(modules.end(), one.modules.begin(), one.modules.end());
    progress_.stage("importing", 0);
    const Owners owners(free_);
    for (Imported& one : import_all(free_.python, workspace_.folder(), modules, false)) {
      for (const std::string& culprit : one.culprits) switched_on(culprit, owners);
      if (!one.problem.empty()) failed.push_back(one.module);
    }
    const std::vector<Imported> again = import_all(free_.python, workspace_.folder(), failed, true);
    const std::vector<Imported> with = import_all(gil_.python, workspace_.folder(), failed, true);
    for (const Imported& one : again) {
      if (one.problem.empty()) continue;
      const bool only_without = std::ranges::any_of(
          with, [&](const Imported& other) { return other.module == one.module && other.problem.empty(); });
      out_.imports.push_back({.module = one.module,
                              .package = owners.of_module(one.module),
                              .problem = one.problem,
                              .only_without = only_without});
    }
    progress_.finish();
    out_.imports_tried = !*request_.stop;
    if (!modules.empty())
      request_.say("imported " + counted(modules.size(), "compiled module") +
                   (out_.switched_on_by.empty() ? ": the GIL stays off"
                                                : ": the GIL comes back with " + join(out_.switched_on_by, ", ")));
  }

  void switched_on(const std::string& module, const Owners& owners) {
    if (std::ranges::find(out_.switched_on_by, module) != out_.switched_on_by.end()) return;
    out_.switched_on_by.push_back(module);
    out_.imports.push_back({.module = module, .package = owners.of_module(module), .switched_gil_on = true});
  }

  // The suite, then the service, in what is left of the time.
  void run_tests() {
    dynamic::Budget budget(request_.budget);
    dynamic::TestPlan plan{.runner = tests_.runner,
                           .paths = request_.tests.empty() ? tests_.paths : request_.tests,
                           .command = request_.test_command,
                           .support = workspace_.folder() / "support",
                           .threads = request_.threads};
    if (const Status written = dynamic::write_test_support(plan); !written) return note(written.message(), true);
    const auto witness = Witness::make(plan.support);
    if (!witness) return note(witness.message(), true);
    if (!witness->blind().empty()) note("crashes tell no native stack: " + witness->blind(), false);
    const bool nothing = request_.test_command.empty() && tests_.runner == dynamic::Runner::none;
    // A service that was asked for gets a part of the time, however long the suite is.
    dynamic::Budget of_suite(
        std::chrono::duration_cast<std::chrono::seconds>(request_.serve.empty() ? budget.left() : budget.share(3, 1)));
    if (request_.serve.empty() || !nothing) run_suite(plan, *witness, of_suite);
    if (!request_.serve.empty() && !*request_.stop) serve(*witness, budget);
    const Owners owners(free_);
    for (const std::string& module : witness->switched_on_by()) switched_on(module, owners);
    out_.gil_stays_off = out_.imports_tried && out_.switched_on_by.empty();
    if (std::ranges::none_of(out_.tests, [](const TriedTest& one) { return one.of(Way::alone).passed > 0; }))
      note("no test passes without the GIL, so nothing was tried", true);
  }

  void serve(const Witness& witness, dynamic::Budget& budget) {
    const ServedRequest asked{.command = request_.serve,
                              .urls = request_.urls,
                              .port = request_.port,
                              .gil = &gil_,
                              .free = &free_,
                              .threads = request_.threads,
                              .rounds = request_.rounds,
                              .control = request_.control,
                              .forced = !out_.switched_on_by.empty(),
                              .stop = request_.stop,
                              .say = request_.say};
    Served made = ServiceRounds(asked, witness, budget).run();
    out_.tests.insert(out_.tests.end(), std::make_move_iterator(made.tests.begin()),
                      std::make_move_iterator(made.tests.end()));
    std::ranges::stable_sort(out_.tests, std::greater(), &TriedTest::answer);
    for (const std::string& text : made.notes) note(text, false);
    out_.incomplete = out_.incomplete || made.incomplete;
    if (out_.runner.empty() || out_.runner == "none") out_.runner = "requests";
  }

  void run_suite(const dynamic::TestPlan& plan, const Witness& witness, dynamic::Budget& budget) {
    const bool own_command = !request_.test_command.empty();
    out_.runner = own_command ? request_.test_command : std::string(dynamic::name_of(tests_.runner));
    if (!own_command && tests_.runner == dynamic::Runner::none)
      return note("no tests were found in this project: --tests PATH, or --test-command", true);
    if (own_command && request_.parallel)
      note("a command of your own is not run by several threads: what it starts are its own", false);
    const RoundsRequest rounds{.plan = plan,
                               .gil = &gil_,
                               .free = &free_,
                               .rounds = request_.rounds,
                               .threads = request_.parallel && !own_command,
                               .control = request_.control,
                               .forced = !out_.switched_on_by.empty(),
                               .silence = request_.silence,
                               .stop = request_.stop,
                               .say = request_.say};
    Rounds made = SuiteRounds(rounds, witness, budget, progress_).run();
    out_.forced = made.forced;
    out_.tests = std::move(made.tests);
    for (const std::string& text : made.notes) note(text, false);
    out_.incomplete = out_.incomplete || made.incomplete;
  }

  const TrialRequest& request_;
  dynamic::Workspace& workspace_;
  Progress& progress_;
  dynamic::TestDescription tests_;
  Installed gil_, free_;
  Trial out_;
};

}  // namespace

Result<Trial> try_application(const TrialRequest& request, Progress& progress) {
  auto workspace = dynamic::Workspace::make(request.keep);
  if (!workspace) return workspace.error();
  workspace->look_in(index_environment(request));
  return Trying(request, *workspace, progress).all();
}

}  // namespace ftaudit::trial
