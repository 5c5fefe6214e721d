#include <CLI/CLI.hpp>

#include "cli/options.h"
#include "cli/subcommands.h"
#include "dynamic/confirmation.h"

namespace ftaudit::cli {
namespace {

// "90", "90s", "5m", "1h".
std::string to_seconds(std::string& text) {
  std::size_t end = 0;
  unsigned long value = 0;
  try {
    value = std::stoul(text, &end);
  } catch (const std::exception&) {
    return "expected a time such as 90s, 5m or 1h";
  }
  const std::string unit = text.substr(end);
  const unsigned long factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (factor == 0 || value == 0 || value > 1000000 || text.front() == '-')
    return "expected a time such as 90s, 5m or 1h";
  text = std::to_string(value * factor);
  return {};
}

void what_to_run(CLI::App& command, ConfirmOptions& options) {
  command.add_option("PATH", options.scan.parse.paths, "The checkout or source archive of one extension")
      ->required()
      ->expected(1);
  add_time(command, "--budget", options.budget, "For all of it, builds included: 90s, 5m, 1h (default: 10m)");
  add_time(command, "--hang-after", options.hang, "A test that says nothing for so long hangs (default: 60s)");
  command.add_option("--workloads", options.workloads, "Of tests, parallel, repeats and stress (default: all)")
      ->delimiter(',')
      ->type_name("LIST")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(
          std::vector<std::string>(std::begin(dynamic::workload_names), std::end(dynamic::workload_names))));
  command
      .add_option("--test-command", options.test_command,
                  "A shell's line that runs the tests, in place of pytest or unittest")
      ->type_name("COMMAND");
  command.add_option("--with", options.with, "What the tests need, in place of what the project says (repeatable)")
      ->type_name("REQUIREMENT")
      ->allow_extra_args(false);
  command.add_option("--threads", options.threads, "Threads of parallel tests and stress (default: 4)")
      ->check(CLI::Range(2u, 64u))
      ->type_name("N");
  command.add_option("--seed", options.seed, "Of the stress driver (default: 1)")->type_name("N");
}

void what_to_run_with(CLI::App& command, ConfirmOptions& options) {
  command
      .add_option("--python", options.scan.parse.python,
                  "The plain free-threaded Python: 3.13t, an executable, a prefix")
      ->type_name("PYTHON");
  command.add_option("--tsan-python", options.tsan_python, "The one built with ThreadSanitizer")->type_name("PYTHON");
  command.add_flag("--light", options.light, "Do with the plain Python alone; what is seen is marked as screened");
  command.add_flag("--no-build", options.no_build, "Run what is installed for these Pythons, and build nothing");
  command.add_option("--suppressions", options.suppressions, "ThreadSanitizer's, beside CPython's own (repeatable)")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void what_to_give(CLI::App& command, ConfirmOptions& options) {
  command.add_option("--reproducers", options.reproducers, "Where scripts go (default: ftaudit-reproducers)")
      ->type_name("FOLDER");
  command.add_option("--keep", options.keep, "Build and run in this empty folder, and leave it all there")
      ->type_name("FOLDER");
  command.add_option("--format", options.scan.format, "As of scan (default: terminal)")->type_name("FORMAT");
  command.add_option("-o,--output", options.scan.output, "Write the report to this file")->type_name("FILE");
  command.add_option("--report", options.scan.reports, "Write a further report (repeatable)")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command.add_option("--baseline", options.scan.baseline, "Hide the findings this file lists")->type_name("FILE");
  command.add_option("--select", options.scan.select, "Only these rules")
      ->delimiter(',')
      ->type_name("RULES")
      ->allow_extra_args(false);
  command.add_option("--ignore", options.scan.ignore, "All but these rules")
      ->delimiter(',')
      ->type_name("RULES")
      ->allow_extra_args(false);
  command
      .add_option_function<std::string>(
          "--fail-on",
          [&options](const std::string& text) {
            options.scan.fail_on = text == "never" ? std::nullopt : severity_named(text);
          },
          "Exit 1 from this severity on (default: low), or never")
      ->check(CLI::IsMember({"info", "low", "medium", "high", "never"}))
      ->type_name("LEVEL");
}

}  // namespace

void add_time(CLI::App& command, const char* name, std::chrono::seconds& into, const char* help) {
  command
      .add_option_function<std::string>(
          name,
          [&into](std::string text) {
            if (const std::string wrong = to_seconds(text); !wrong.empty()) throw CLI::ValidationError(wrong);
            into = std::chrono::seconds(std::stoul(text));
          },
          help)
      ->type_name("TIME");
}

void add_confirm(CLI::App& app, ConfirmOptions& options, std::function<void()> chosen) {
  CLI::App* command = app.add_subcommand("confirm", "Build it under ThreadSanitizer, RUN its tests and more");
  what_to_run(*command, options);
  what_to_run_with(*command, options);
  what_to_give(*command, options);
  command->footer("Example: ftaudit confirm . --budget 5m --report json:report.json");
  command->callback(std::move(chosen));
}

}  // namespace ftaudit::cli
