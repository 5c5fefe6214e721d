// How a command gets onto the command line: each keeps its options in a file of its own, <command>_options.cpp, and offers
// one function here that adds the subcommand. `chosen` is called when the user chose it, with the options filled in.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace ftaudit::cli {

struct ReportOptions;
void add_report(CLI::App& app, ReportOptions& options, std::function<void()> chosen);

}  // namespace ftaudit::cli
