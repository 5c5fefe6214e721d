// How a command gets onto the command line: each keeps its options in a file of its own, <command>_options.cpp, and
// offers one function here that adds the subcommand. `chosen` is called when the user chose it, with the options filled
// in.
#pragma once

#include <chrono>
#include <functional>

#include "cli/options.h"

namespace CLI {
class App;
}

namespace ftaudit::cli {

// An option for a time: "90", "90s", "5m", "1h".
void add_time(CLI::App& command, const char* name, std::chrono::seconds& into, const char* help);

void add_confirm(CLI::App& app, ConfirmOptions& options, std::function<void()> chosen);
// What all commands that read code take: paths, Python, flags.
void add_parse_options(CLI::App& command, ParseOptions& options);
// And all that end in a report on it: formats, rules, thresholds, baseline.
void add_report_options(CLI::App& command, ScanOptions& options);
// The one way in which code of the project is run to audit it: scan and gate.
void add_capture_options(CLI::App& command, ScanOptions& options);

void add_scan(CLI::App& app, ScanOptions& options, std::function<void()> chosen);
void add_gate(CLI::App& app, GateOptions& options, std::function<void()> chosen);
void add_baseline(CLI::App& app, BaselineOptions& options, std::function<void()> chosen);
void add_merge(CLI::App& app, MergeOptions& options, std::function<void()> chosen);
// The manual page and completions, as text to print.
void add_manual(CLI::App& app, std::function<void(std::string text)> chosen);
void add_cache(CLI::App& app, std::function<void(bool clear)> chosen);
void add_report(CLI::App& app, ReportOptions& options, std::function<void()> chosen);

}  // namespace ftaudit::cli
