#include <CLI/CLI.hpp>

#include "cli/subcommands.h"

namespace ftaudit::cli {

void add_baseline(CLI::App& app, BaselineOptions& options, std::function<void()> chosen) {
  using Action = BaselineOptions::Action;
  CLI::App* group = app.add_subcommand("baseline", "A file of known findings: write, check, prune");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* about, Action action) {
    CLI::App* command = group->add_subcommand(name, about);
    add_parse_options(*command, options.audit.parse);
    add_report_options(*command, options.audit);
    command->footer(std::string("Example: ftaudit baseline ") + name + " . --baseline ftaudit-baseline.txt");
    command->callback([&options, action, chosen] {
      options.action = action;
      chosen();
    });
  };
  add("write", "Write down what scan finds now, anew", Action::write);
  add("check", "Say what is found beyond the file, and what it lists in vain", Action::check);
  add("prune", "Take out of the file what is not found any more", Action::prune);
}

}  // namespace ftaudit::cli
