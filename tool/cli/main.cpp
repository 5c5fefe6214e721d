// Entry: signals, options, and which command runs.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "base/interruption.h"
#include "base/log.h"
#include "cli/baseline_command.h"
#include "cli/cache_command.h"
#include "cli/confirm_command.h"
#include "cli/doctor_command.h"
#include "cli/gate_command.h"
#include "cli/lsp_command.h"
#include "cli/merge_command.h"
#include "cli/report_command.h"
#include "cli/rules_command.h"

namespace {

using namespace ftaudit;
using namespace ftaudit::cli;

Console console_for(const CommandLine& line) {
  Console out;
  out.verbosity = line.verbosity;
  const char* no_colour = std::getenv("NO_COLOR");
  const bool plain = (no_colour != nullptr && *no_colour != '\0') || ::isatty(1) == 0;
  out.colour = line.colour == When::always || (line.colour == When::automatic && !plain);
  winsize size{};
  if (::ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) out.width = size.ws_col;
  out.progress = ::isatty(2) == 1;
  return out;
}

template <class... F> struct Cases : F... {
  using F::operator()...;
};

}  // namespace

int main(int argc, char** argv) {
  ftaudit::watch_interruptions();
  const auto parsed = parse_command_line(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const CommandLine& line = std::get<CommandLine>(parsed);
  log::set_level(line.verbosity < 0    ? log::Level::quiet
                 : line.verbosity == 0 ? log::Level::normal
                 : line.verbosity == 1 ? log::Level::info
                                       : log::Level::debug);
  const Console console = console_for(line);
  return std::visit(Cases{
                        [&](const ScanOptions& o) { return scan(o, console); },
                        [&](const ConfirmOptions& o) { return confirm(o, console); },
                        [&](const GateOptions& o) { return gate(o, console); },
                        [&](const BaselineOptions& o) { return baseline(o, console); },
                        [&](const MergeOptions& o) { return merge(o, console); },
                        [](const CacheInfoOptions&) { return cache_info(); },
                        [](const CacheClearOptions&) { return cache_clear(); },
                        [&](const FactsOptions& o) { return facts(o, console); },
                        [&](const RulesOptions& o) { return rules(o); },
                        [&](const ExplainOptions& o) { return explain(o, console); },
                        [](const PythonInstallOptions& o) { return python_install(o); },
                        [](const PythonListOptions&) { return python_list(); },
                        [](const HeadersInstallOptions& o) { return headers_install(o.packages); },
                        [](const HeadersListOptions&) { return headers_list(); },
                        [](const DoctorOptions& o) { return doctor(o); },
                        [&](const ReportOptions& o) { return report(o, console); },
                        [](const LspOptions& o) { return serve_editor(o); },
                        [](const PrintOptions& o) { return std::cout << o.text, 0; },
                    },
                    line.command);
}
