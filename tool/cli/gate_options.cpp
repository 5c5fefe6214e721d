#include <CLI/CLI.hpp>

#include "cli/subcommands.h"

namespace ftaudit::cli {

void add_gate(CLI::App& app, GateOptions& options, std::function<void()> chosen) {
  CLI::App* command = app.add_subcommand("gate", "Report only the findings that a change brings in");
  add_parse_options(*command, options.audit.parse);
  add_report_options(*command, options.audit);
  command
      ->add_option("--against", options.against,
                   "The revision before the change (default: where HEAD left the default branch)")
      ->type_name("REV");
  command->add_option("--head", options.head, "The revision with the change (default: the work tree as it is)")
      ->type_name("REV");
  add_capture_options(*command, options.audit);
  command->footer(
      "Neither the work tree nor the repository is touched.\nExample: ftaudit gate . --against origin/main");
  command->callback(std::move(chosen));
}

}  // namespace ftaudit::cli
