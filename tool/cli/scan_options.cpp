#include <CLI/CLI.hpp>

#include "cli/subcommands.h"
#include "reports/formats.h"

namespace ftaudit::cli {
namespace {

template <class Value>
void level(CLI::App& command, const std::string& name, std::optional<Value> (*named)(std::string_view),
           std::function<void(Value)> set, const std::string& help, std::vector<std::string> names) {
  command.add_option_function<std::string>(
             name, [named, set](const std::string& text) { set(*named(text)); }, help)
      ->check(CLI::IsMember(std::move(names), CLI::ignore_case))
      ->type_name("LEVEL");
}

// "2/8"
std::string read_shard(const std::string& text, ScanOptions& options) {
  const std::size_t slash = text.find('/');
  const auto number = [](const std::string& digits) {
    return !digits.empty() && digits.size() < 7 && digits.find_first_not_of("0123456789") == std::string::npos
               ? std::stoul(digits)
               : 0ul;
  };
  options.shard = static_cast<unsigned>(number(text.substr(0, slash)));
  options.shards = slash == std::string::npos ? 0 : static_cast<unsigned>(number(text.substr(slash + 1)));
  return options.shard == 0 || options.shard > options.shards
             ? "--shard " + text + ": expected I/N with I from 1 to N, like 2/8"
             : "";
}

std::vector<std::string> format_names() {
  std::vector<std::string> out;
  for (const reports::Format& format : reports::formats()) out.emplace_back(format.name);
  return out;
}

}  // namespace

void add_parse_options(CLI::App& command, ParseOptions& options) {
  command.add_option("PATH", options.paths, "File, folder or source archive (sdist) of an extension");
  command
      .add_option("--python", options.python,
                  "Headers to read with: 3.13t; 3.13t,3.14t; an executable, prefix or folder")
      ->type_name("PYTHON");
  command.add_option("--compile-commands", options.compile_commands, "A compile_commands.json, or its folder")
      ->type_name("FILE");
  command.add_option("--exclude", options.exclude, "Leave out files that match this glob (repeatable)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command.add_flag("--include-tests", options.include_tests, "Also files below tests, examples, docs, ...");
  command.add_option("-j,--jobs", options.jobs, "Files at the same time (default: one a core)")->type_name("N");
  command
      .add_option_function<unsigned>(
          "--timeout", [&options](unsigned seconds) { options.timeout = std::chrono::seconds(seconds); },
          "Give up on one file after this long (default: 120)")
      ->type_name("SECONDS");
  command.add_flag("--no-cache", options.no_cache, "Read everything anew and keep nothing");
  command.footer("Compiler flags for every file go after --: ftaudit " + command.get_name() +
                 " src -- -DWITH_X=1 -Iinclude");
}

void add_report_options(CLI::App& command, ScanOptions& options) {
  command.add_option("--format", options.format, "How to write the report (default: terminal)")
      ->check(CLI::IsMember(format_names()))
      ->type_name("FORMAT");
  command.add_option("-o,--output", options.output, "Write the report to this file")->type_name("FILE");
  command.add_option("--report", options.reports, "Write a further report (repeatable)")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  command.add_option("--select", options.select, "Only these rules: ids, names, categories, starts of ids (FT1)")
      ->delimiter(',')
      ->type_name("RULES")
      ->allow_extra_args(false);
  command.add_option("--ignore", options.ignore, "All but these rules")
      ->delimiter(',')
      ->type_name("RULES")
      ->allow_extra_args(false);
  level<Severity>(command, "--min-severity", severity_named, [&options](Severity s) { options.min_severity = s; },
                  "info, low (default), medium, high", {"info", "low", "medium", "high"});
  level<Confidence>(command, "--min-confidence", confidence_named,
                    [&options](Confidence c) { options.min_confidence = c; }, "possible, likely (default), certain",
                    {"possible", "likely", "certain"});
  command
      .add_option_function<std::string>(
          "--fail-on",
          [&options](const std::string& text) {
            options.fail_on = text == "never" ? std::nullopt : severity_named(text);
          },
          "Exit 1 from this severity on (default: low), or never")
      ->check(CLI::IsMember({"info", "low", "medium", "high", "never"}))
      ->type_name("LEVEL");
  command.add_option("--baseline", options.baseline, "Hide the findings this file lists (`ftaudit baseline write`)")
      ->type_name("FILE");
  command.add_flag("--show-config", options.show_config, "Print each setting with where it came from, and stop");
}

void add_capture_options(CLI::App& command, ScanOptions& options) {
  command.add_flag("--capture", options.capture,
                   "RUN the project's own build to learn its flags, instead of reading them");
  command.add_option("--build-command", options.build, "What --capture runs (default: pip wheel)")
      ->type_name("COMMAND")
      ->allow_extra_args(false)
      ->expected(1);
}

void add_scan(CLI::App& app, ScanOptions& options, std::function<void()> chosen) {
  CLI::App* command = app.add_subcommand("scan", "Audit the sources of an extension; runs nothing of it");
  add_parse_options(*command, options.parse);
  add_report_options(*command, options);
  command
      ->add_option_function<std::string>(
          "--shard",
          [&options](const std::string& text) {
            if (const std::string wrong = read_shard(text, options); !wrong.empty()) throw CLI::ValidationError(wrong);
          },
          "Only each Nth of the paths, from the Ith on (see merge)")
      ->type_name("I/N");
  CLI::Option* diff =
      command->add_flag("--diff", options.diff, "Instead of a report, show the edits that --fix would make");
  command->add_flag("--fix", options.fix, "Make the mechanical edits, prove that they held, report what is left")
      ->excludes(diff);
  command->add_option("--fix-compat", options.fix_compat, "How edits spell new API (default: guard)")
      ->check(CLI::IsMember({"guard", "plain", "pythoncapi-compat"}))
      ->type_name("HOW");
  add_capture_options(*command, options);
  command->callback(std::move(chosen));
}

}  // namespace ftaudit::cli
