#include "cli/command.h"

#include <cstdio>

#include "audit/audit.h"
#include "audit/surface.h"
#include "base/exit_code.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/shell.h"
#include "cli/audit_options.h"
#include "cli/outline.h"
#include "cli/report_targets.h"
#include "dynamic/confirmation.h"
#include "finding/rule.h"
#include "finding/verdict.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete, exit_with::usage;

// Builds and runs what a scan only reads. The scan's own options that make no sense here are not offered.
struct ConfirmOptions {
  ScanOptions scan;
  std::string tsan_python;  // --tsan-python
  bool light = false;
  bool no_build = false;
  std::vector<std::string> workloads;  // empty: all
  std::vector<std::string> with;       // requirements
  std::string test_command;
  std::vector<std::string> suppressions;  // files
  std::chrono::seconds budget{600};
  std::chrono::seconds hang{60};  // --hang-after
  std::uint64_t seed = 1;
  unsigned threads = 4;
  std::string keep;  // a folder
  std::string reproducers = "ftaudit-reproducers";
};

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

// Exit codes as of scan; 3 also when nothing could be run and nothing is found.
int confirm(const ConfirmOptions& options, const Console& console) {
  const Result<Selection> selection = audit::selection_of(options.scan);
  if (!selection.ok()) return log::error(selection.message()), usage;
  const auto targets = report_targets(options.scan);
  if (!targets.ok()) return log::error(targets.message()), usage;
  const auto baseline = audit::baseline_of(options.scan.baseline);
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
  Result<audit::ParsedPaths> parsed = audit::parse_paths(parse, *progress, code);
  if (!parsed.ok()) return log::error(parsed.message()), code;
  audit::Described described =
      audit::describe(std::move(parsed->projects.front()), *selection, parsed->python.name, with_outline(*selection));
  const audit::Surface& surface = described.surface;
  Document& document = described.document;
  say("the sources have " + std::to_string(document.findings.size()) + " findings; " +
      (options.no_build ? "running" : "building") + " to see which of them are real");

  dynamic::ConfirmationRequest request{
      .project = &described.project,
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
      .function_at = [&surface](const Location& where) { return surface.function_at(where); },
      .stop = &stop,
      .say = say};
  for (const audit::Way& way : surface.ways)
    request.entries.push_back({.python_name = way.python_name, .kind = way.kind, .c_function = way.c_function});
  if (!options.workloads.empty()) request.workloads = {options.workloads.begin(), options.workloads.end()};
  for (const std::string& file : options.suppressions) request.suppressions.push_back(file);
  const Status done = dynamic::confirm(request, document, *progress);
  progress->finish();
  if (!done) log::error(done.message());
  selection->apply(document);
  fit_plan(document);
  judge(document);
  if (*baseline) audit::apply_baseline(**baseline, options.scan.baseline, document);
  if (const int failed = write_reports(*targets, document, console); failed != 0) return failed;
  if (stop) end_interrupted();
  const int verdict = exit_code(document, options.scan.fail_on);
  return verdict == 0 && !done ? incomplete : verdict;
}

void what_to_run(Arguments& command, ConfirmOptions& options) {
  command.texts("PATH", options.scan.parse.paths, "The checkout or source archive of one extension")
      .required()
      .single();
  command.time("--budget", options.budget, "For all of it, builds included: 90s, 5m, 1h (default: 10m)");
  command.time("--hang-after", options.hang, "A test that says nothing for so long hangs (default: 60s)");
  command.texts("--workloads", options.workloads, "Of tests, parallel, repeats and stress (default: all)")
      .list()
      .named("LIST")
      .one_of({std::begin(dynamic::workload_names), std::end(dynamic::workload_names)});
  command
      .text("--test-command", options.test_command,
            "A shell's line that runs the tests, in place of pytest or unittest")
      .named("COMMAND");
  command.texts("--with", options.with, "What the tests need, in place of what the project says (repeatable)")
      .named("REQUIREMENT")
      .repeatable();
  command.number("--threads", options.threads, "Threads of parallel tests and stress (default: 4)")
      .between(2, 64)
      .named("N");
  command.number("--seed", options.seed, "Of the stress driver (default: 1)").named("N");
}

void what_to_run_with(Arguments& command, ConfirmOptions& options) {
  command.text("--python", options.scan.parse.python, "The plain free-threaded Python: 3.13t, an executable, a prefix")
      .named("PYTHON");
  command.text("--tsan-python", options.tsan_python, "The one built with ThreadSanitizer").named("PYTHON");
  command.flag("--light", options.light, "Do with the plain Python alone; what is seen is marked as screened");
  command.flag("--no-build", options.no_build, "Run what is installed for these Pythons, and build nothing");
  command.texts("--suppressions", options.suppressions, "ThreadSanitizer's, beside CPython's own (repeatable)")
      .named("FILE")
      .repeatable();
}

void what_to_give(Arguments& command, ConfirmOptions& options) {
  command.text("--reproducers", options.reproducers, "Where scripts go (default: ftaudit-reproducers)").named("FOLDER");
  command.text("--keep", options.keep, "Build and run in this empty folder, and leave it all there").named("FOLDER");
  command.text("--format", options.scan.format, "As of scan (default: terminal)").named("FORMAT");
  command.text("-o,--output", options.scan.output, "Write the report to this file").named("FILE");
  command.texts("--report", options.scan.reports, "Write a further report (repeatable)")
      .named("FORMAT:FILE")
      .repeatable();
  command.text("--baseline", options.scan.baseline, "Hide the findings this file lists").named("FILE");
  command.texts("--select", options.scan.select, "Only these rules").list().named("RULES");
  command.texts("--ignore", options.scan.ignore, "All but these rules").list().named("RULES");
  add_fail_on(command, options.scan);
}

}  // namespace

void add_confirm(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto options = std::make_shared<ConfirmOptions>(ConfirmOptions{.scan = defaults});
  Arguments command = program.command("confirm", "Build it under ThreadSanitizer, RUN its tests and more");
  what_to_run(command, *options);
  what_to_run_with(command, *options);
  what_to_give(command, *options);
  command.footer("Example: ftaudit confirm . --budget 5m --report json:report.json");
  command.when_chosen([=] {
    choose({.run = [options](const Console& console) { return confirm(*options, console); },
            .parse = &options->scan.parse,
            .audit = &options->scan,
            .needs_path = true});
  });
}

}  // namespace ftaudit::cli
