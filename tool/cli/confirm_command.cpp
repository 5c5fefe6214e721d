#include "cli/confirm_command.h"

#include <cstdio>

#include "base/interruption.h"
#include "base/log.h"
#include "base/shell.h"
#include "cli/audit_project.h"
#include "cli/auditing.h"
#include "cli/entry_points.h"
#include "cli/report_targets.h"
#include "dynamic/confirmation.h"
#include "finding/rule.h"
#include "finding/verdict.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;

struct Pythons {
  python::Interpreter plain;
  std::optional<python::Interpreter> tsan;
};

// Both of one version: the instrumented modules are built by the plain one.
Result<Pythons> choose_pythons(const ConfirmOptions& options) {
  Pythons out;
  if (!options.light) {
    auto tsan = python::choose_runner(options.tsan_python, true);
    if (!tsan && options.tsan_python.empty())
      return Error{tsan.message() + "; --light does with the plain Python alone"};
    if (!tsan) return tsan.error();
    out.tsan = std::move(*tsan);
  }
  auto plain = python::choose_runner(options.scan.parse.python, false,
                                     options.scan.parse.python.empty() && out.tsan ? out.tsan->minor : 0);
  if (!plain) return plain.error();
  if (plain->tsan)
    return Error{"--python " + options.scan.parse.python +
                 " is built with ThreadSanitizer; name it with --tsan-python, and a plain one with --python"};
  if (out.tsan && plain->minor != out.tsan->minor)
    return Error{"the two Pythons must be of one version: the plain one is " + plain->version +
                 ", the one with ThreadSanitizer " + out.tsan->version};
  out.plain = std::move(*plain);
  return out;
}

// A line for a shell: that of the command line, else that of the settings, which may be single words.
std::string test_line(const ConfirmOptions& options) {
  const std::vector<std::string>& set = options.scan.test_command;
  if (!options.test_command.empty() || set.empty()) return options.test_command;
  return set.size() == 3 && set[0] == "/bin/sh" && set[1] == "-c" ? set[2] : shell_line(set);
}

// What a reproducer's command needs to run with the same Pythons on the same modules.
std::string shown_options(const ConfirmOptions& options) {
  std::string out = std::string(options.light ? " --light" : "") + (options.no_build ? " --no-build" : "");
  const auto from = options.scan.parse.origins.find("python");
  if (from != options.scan.parse.origins.end() && from->second == "command line")
    out += " --python " + shell_line({options.scan.parse.python});
  if (!options.tsan_python.empty()) out += " --tsan-python " + shell_line({options.tsan_python});
  return out;
}

}  // namespace

int confirm(const ConfirmOptions& options, const Console& console) {
  const Result<Selection> selection = selection_of(options.scan);
  if (!selection.ok()) return log::error(selection.message()), usage;
  const auto targets = report_targets(options.scan);
  if (!targets.ok()) return log::error(targets.message()), usage;
  const auto baseline = baseline_of(options.scan);
  if (!baseline.ok()) return log::error(baseline.message()), usage;
  auto pythons = choose_pythons(options);
  if (!pythons)
    return log::error(pythons.message()),
           options.scan.parse.python.empty() && options.tsan_python.empty() ? incomplete : usage;

  const auto say = [&](const std::string& text) {
    if (console.verbosity >= 0)
      std::fprintf(stderr, "%sftaudit: %s\n", console.progress ? "\r\033[K" : "", text.c_str());
  };
  const std::atomic<bool>& stop = finish_when_interrupted();
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  ParseOptions parse = options.scan.parse;
  if (parse.python.empty()) parse.python = pythons->plain.executable.string();
  int code = 0;
  Result<ParsedPaths> parsed = parse_paths(parse, false, {}, *progress, code);
  if (!parsed.ok()) return log::error(parsed.message()), code;
  ParsedProject& project = parsed->projects.front();
  const Surface surface = surface_of(project);
  project::Project described = std::move(project.project);
  project.project = {};
  project.project.root = described.root, project.project.name = described.name, project.project.units = described.units,
  project.project.modules = described.modules;
  project.project.skipped = described.skipped, project.project.limited_api = described.limited_api,
  project.project.notes = described.notes;
  project.project.build_requires = described.build_requires, project.project.backend = described.backend;
  Document document = audit_project(std::move(project), *selection, parsed->python.name);
  say("the sources have " + std::to_string(document.findings.size()) + " findings; " +
      (options.no_build ? "running" : "building") + " to see which of them are real");

  dynamic::ConfirmationRequest request{
      .project = &described,
      .shown_path = options.scan.parse.paths.front(),
      .shown_options = shown_options(options),
      .plain = std::move(pythons->plain),
      .tsan = std::move(pythons->tsan),
      .light = options.light,
      .build = !options.no_build,
      .with = options.with,
      .test_command = test_line(options),
      .budget = options.budget,
      .patience = options.hang,
      .seed = options.seed,
      .threads = options.threads,
      .keep = options.keep,
      .reproducers = options.reproducers,
      .entries = surface.entries,
      .function_at = [&surface](const Location& where) { return surface.function_at(where); },
      .stop = &stop,
      .say = say};
  if (!options.workloads.empty()) request.workloads = {options.workloads.begin(), options.workloads.end()};
  for (const std::string& file : options.suppressions) request.suppressions.push_back(file);
  const Status done = dynamic::confirm(request, document, *progress);
  progress->finish();
  if (!done) log::error(done.message());
  selection->apply(document);
  judge(document);
  if (*baseline) apply_baseline(**baseline, options.scan.baseline, document);
  if (const int failed = write_reports(*targets, document, console); failed != 0) return failed;
  if (stop) end_interrupted();
  const int verdict = exit_code(document, options.scan.fail_on);
  return verdict == 0 && !done ? incomplete : verdict;
}

}  // namespace ftaudit::cli
