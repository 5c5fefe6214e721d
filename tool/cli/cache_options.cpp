#include <CLI/CLI.hpp>

#include "cli/subcommands.h"

namespace ftaudit::cli {

void add_cache(CLI::App& app, std::function<void(bool clear)> chosen) {
  CLI::App* group = app.add_subcommand("cache", "What is kept of earlier runs: info, clear");
  group->require_subcommand(1);
  group->footer("It lies below XDG_CACHE_HOME, or ~/.cache; FTAUDIT_CACHE_SIZE bounds it (MiB, 1024).");
  group->add_subcommand("info", "Where it is and how large")->callback([chosen] { chosen(false); });
  group->add_subcommand("clear", "Remove everything that is kept")->callback([chosen] { chosen(true); });
}

}  // namespace ftaudit::cli
