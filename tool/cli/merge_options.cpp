#include <CLI/CLI.hpp>

#include "cli/subcommands.h"

namespace ftaudit::cli {

void add_merge(CLI::App& app, MergeOptions& options, std::function<void()> chosen) {
  CLI::App* command = app.add_subcommand("merge", "Join JSON reports of several runs into one");
  command->add_option("FILE", options.files, "Reports that scan --format json wrote")->required();
  add_report_options(*command, options.audit);
  command->footer("Example: ftaudit merge shard-*.json --format json -o all.json");
  command->callback(std::move(chosen));
}

}  // namespace ftaudit::cli
