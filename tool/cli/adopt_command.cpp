#include "cli/command.h"

#include <cstdio>

#include "adoption/adopting.h"
#include "audit/audit_project.h"
#include "base/exit_code.h"
#include "base/interruption.h"
#include "base/log.h"
#include "cli/adoption_targets.h"
#include "cli/application_options.h"
#include "cli/measured_work.h"
#include "cli/python_pair.h"

namespace ftaudit::cli {
namespace {

using exit_with::usage;

struct AdoptOptions {
  std::string path, python, gil_python, test_command, index_url, folder = "ftaudit-adopted";
  std::vector<std::string> requirements, with, tests, find_links;
  MeasuredWork work;
  bool no_index = false, scan = false, no_confirm = false, allow_different_builds = false;
  unsigned runs = 3, threads = 4;
  std::chrono::seconds budget{1800}, hang{60};
  FailOn fail_on = FailOn::unsupported;
  AdoptionOutput output;
};

// What the packages are read from: the files that are named, or what the application itself says.
Result<std::vector<std::string>> inputs(const AdoptOptions& options) {
  if (!options.requirements.empty()) return std::vector<std::string>();
  for (const char* name : {"uv.lock", "poetry.lock", "pylock.toml", "pyproject.toml"}) {
    const fs::path file = fs::path(options.path) / name;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return std::vector<std::string>{file.string()};
  }
  return Error{options.path + ": neither a lock file nor a pyproject.toml says what it needs: -r FILE"};
}

Status check(const AdoptOptions& options) {
  if (Status there = check_application_paths(options.path, options.requirements, options.tests); !there.ok())
    return there;
  if (options.work.named() > 1) return Error{"say what to measure by one of --command, --call, --serve"};
  return Done{};
}

Result<adoption::AdoptRequest> request_of(const AdoptOptions& options, python::Interpreter free,
                                          python::Interpreter gil) {
  adoption::AdoptRequest out{.confirm = !options.no_confirm,
                             .allow_different_builds = options.allow_different_builds,
                             .budget = options.budget,
                             .folder = options.folder,
                             .tool_version = FTAUDIT_VERSION,
                             .date = audit::today()};
  adoption::Request& packages = out.packages;
  packages.requirements = options.requirements;
  packages.target = free.name, packages.python = free.executable.string();
  packages.index_url = options.index_url, packages.no_index = options.no_index, packages.scan = options.scan;
  trial::TrialRequest& trial = out.trial;
  trial = {.application = fs::absolute(options.path),
           .shown = options.path,
           .with = options.with,
           .tests = options.tests,
           .test_command = options.test_command,
           .gil = std::move(gil),
           .free = std::move(free),
           .index_url = options.index_url,
           .no_index = options.no_index,
           .threads = options.threads,
           .rounds = options.runs,
           .silence = options.hang};
  for (const std::string& file : options.requirements) trial.requirements.push_back(fs::absolute(file));
  for (const std::string& place : options.find_links) {
    const std::string whole = place.find("://") == std::string::npos ? fs::absolute(place).string() : place;
    trial.find_links.push_back(whole), packages.find_links.push_back(whole);
  }
  const auto named = inputs(options);
  if (!named.ok()) return named.error();
  packages.inputs = *named;
  if (options.work.named() == 0) return out;
  std::vector<std::string> notes;
  const auto wanted = workloads(options.work, fs::absolute(options.path), notes);
  if (!wanted.ok()) return wanted.error();
  for (const std::string& note : notes) log::warning(note);
  out.measured = options.work.what(), out.workloads = *wanted;
  return out;
}

// As report, and 130 when interrupted: what is known by then is told.
int adopt(const AdoptOptions& options, const Console& console) {
  if (const Status there = check(options); !there) return log::error(there.message()), usage;
  const auto targets = adoption_targets(options.output);
  if (!targets.ok()) return log::error(targets.message()), usage;
  int code = 0;
  auto pythons = choose_pair(options.python, options.gil_python, code);
  if (!pythons) return code;
  auto request = request_of(options, std::move(pythons->free), std::move(pythons->gil));
  if (!request.ok()) return log::error(request.message()), usage;
  log::warning("adopt builds, imports and runs the application, its tests and its packages");
  request->trial.stop = &finish_when_interrupted();
  request->trial.say = [&](const std::string& text) {
    if (console.verbosity >= 0)
      std::fprintf(stderr, "%sftaudit: %s\n", console.progress ? "\r\033[K" : "", text.c_str());
  };
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  const Result<AdoptionReport> made = adoption::adopt(std::move(*request), *progress);
  if (!made.ok()) {
    if (asked_to_finish()) end_interrupted();
    return log::error(made.message()), usage;
  }
  if (const int failed = write_adoption(*targets, *made, console)) return failed;
  if (asked_to_finish()) end_interrupted();
  return exit_code(*made, options.fail_on);
}

}  // namespace

void add_adopt(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto asked = std::make_shared<AdoptOptions>();
  Arguments command = program.command("adopt", "RUN report, trial, measure and confirm: one verdict");
  add_application_options(command, *asked);
  add_measured_work(command, asked->work);
  command.number("--runs", asked->runs, "Of the tests in each way (default: 3)").between(1, 100).named("N");
  command.flag("--scan", asked->scan, "Also scan the sources of compiled packages");
  command.flag("--no-confirm", asked->no_confirm, "Build and run no package that stands out");
  command.time("--budget", asked->budget, "For all of it (default: 30m)");
  command.text("--reports", asked->folder, "What each part found (default: ftaudit-adopted)").named("FOLDER");
  command.flag("--allow-different-builds", asked->allow_different_builds,
               "Measure builds that differ in more than the GIL, and say so");
  add_package_source(command, *asked);
  add_adoption_output(command, asked->output);
  command
      .taken(
          "--fail-on", [asked](const std::string& text) { return asked->fail_on = *fail_on_named(text), ""; },
          "Exit 1 for: gil, unsupported (default), unknown, never")
      .one_of({"gil", "unsupported", "unknown", "never"})
      .named("LEVEL");
  command.footer("Example: ftaudit adopt . -r requirements.txt --command 'python job.py' --report html:adopt.html");
  command.when_chosen(
      [asked, choose] { choose({.run = [asked](const Console& console) { return adopt(*asked, console); }}); });
}

}  // namespace ftaudit::cli
