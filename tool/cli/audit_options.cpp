#include "cli/audit_options.h"

#include "base/sandbox.h"
#include "reports/formats.h"

namespace ftaudit::cli {
namespace {

std::vector<std::string> format_names() {
  std::vector<std::string> out;
  for (const reports::Format& format : reports::formats()) out.emplace_back(format.name);
  return out;
}

}  // namespace

void add_parse_options(Arguments& command, ParseOptions& options) {
  command.texts("PATH", options.paths, "File, folder or source archive (sdist) of an extension");
  command.text("--python", options.python, "Headers to read with: 3.13t; 3.13t,3.14t; an executable, prefix or folder")
      .named("PYTHON");
  command.text("--compile-commands", options.compile_commands, "A compile_commands.json, or its folder").named("FILE");
  command.texts("--exclude", options.exclude, "Leave out files that match this glob (repeatable)")
      .named("GLOB")
      .repeatable();
  command.flag("--include-tests", options.include_tests, "Also files below tests, examples, docs, ...");
  command.number("-j,--jobs", options.jobs, "Files at the same time (default: one a core)").named("N");
  command
      .number(
          "--timeout", [&options](unsigned seconds) { options.timeout = std::chrono::seconds(seconds); },
          "Give up on one file after this long (default: 120)")
      .named("SECONDS");
  command.flag(
      "--require-sandbox",
      [](int) {
        if (sandbox::mode() != sandbox::Mode::strict) sandbox::set_mode(sandbox::Mode::require);
      },
      "Give up where the kernel cannot confine what reads the project");
  command.flag("--isolated", options.isolated, "Take no settings of the project");
  command.flag("--no-cache", options.no_cache, "Read everything anew and keep nothing");
  command.footer("Compiler flags for every file go after --: ftaudit " + command.name() +
                 " src -- -DWITH_X=1 -Iinclude");
}

void add_report_options(Arguments& command, ScanOptions& options) {
  command.text("--format", options.format, "How to write the report (default: terminal)")
      .one_of(format_names())
      .named("FORMAT");
  command.text("-o,--output", options.output, "Write the report to this file").named("FILE");
  command.texts("--report", options.reports, "Write a further report (repeatable)").named("FORMAT:FILE").repeatable();
  add_term_options(command, options);
  add_fail_on(command, options);
  command.text("--baseline", options.baseline, "Hide the findings this file lists (`ftaudit baseline write`)")
      .named("FILE");
  command.flag("--show-config", options.show_config, "Print each setting with where it came from, and stop");
}

void add_term_options(Arguments& command, ScanOptions& options) {
  command.texts("--select", options.select, "Only these rules: ids, names, categories, starts of ids (FT1)")
      .list()
      .named("RULES");
  command.texts("--ignore", options.ignore, "All but these rules").list().named("RULES");
  command
      .taken(
          "--min-severity",
          [&options](const std::string& text) { return options.min_severity = *severity_named(text), ""; },
          "info, low (default), medium, high")
      .one_of({"info", "low", "medium", "high"}, true)
      .named("LEVEL");
  command
      .taken(
          "--min-confidence",
          [&options](const std::string& text) { return options.min_confidence = *confidence_named(text), ""; },
          "possible, likely (default), certain")
      .one_of({"possible", "likely", "certain"}, true)
      .named("LEVEL");
}

void add_capture_options(Arguments& command, ScanOptions& options) {
  command.flag("--capture", options.parse.capture,
               "RUN the project's own build to learn its flags, instead of reading them");
  command.texts("--build-command", options.parse.build, "What --capture runs (default: pip wheel)")
      .named("COMMAND")
      .repeatable()
      .single();
}

Option add_edit_options(Arguments& command, ScanOptions& options) {
  const Option diff = command.flag("--diff", options.diff, "Instead of a report, show the edits that --fix would make");
  command.flag("--fix", options.fix, "Make the mechanical edits, prove that they held, report what is left")
      .excludes(diff);
  command.text("--fix-compat", options.fix_compat, "How edits spell new API (default: guard)")
      .one_of({"guard", "plain", "pythoncapi-compat"})
      .named("HOW");
  return diff;
}

Spelling spelling_of(const ScanOptions& options) {
  return options.fix_compat == "guard" ? Spelling::guarded : Spelling::plain;
}

void add_fail_on(Arguments& command, ScanOptions& options) {
  command
      .taken(
          "--fail-on",
          [&options](const std::string& text) {
            return options.fail_on = text == "never" ? std::nullopt : severity_named(text), "";
          },
          "Exit 1 from this severity on (default: low), or never")
      .one_of({"info", "low", "medium", "high", "never"})
      .named("LEVEL");
}

}  // namespace ftaudit::cli
