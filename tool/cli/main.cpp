// Entry: signals, options, and which command runs.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/exit_code.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cli/command_line.h"

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
  for (const std::string& warning : line.warnings) log::warning(warning);
  if (const Status confined = sandbox::check_required(); !confined.ok())
    return log::error(confined.message()), exit_with::usage;
  return line.command.run(console_for(line));
}
