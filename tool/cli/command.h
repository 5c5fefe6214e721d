// A command of ftaudit: a file that describes what it takes and runs it, and a row in commands.cpp. What is chosen
// comes back as something to run, with the options in it that a project's settings are about.
#pragma once

#include <functional>
#include <span>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/options.h"

namespace ftaudit::cli {

struct Chosen {
  std::function<int(const Console&)> run;  // gives the exit code
  ParseOptions* parse = nullptr;           // of commands that a project has settings for
  ScanOptions* audit = nullptr;            // of those that end in a report on it
  bool needs_path = false;
};
using Choose = std::function<void(Chosen)>;

// Adds a command to the program's. `defaults`: what the settings say; `choose` is called when the user chose it.
using AddCommand = void(Arguments& program, const ScanOptions& defaults, const Choose& choose);

// In the order they are offered.
std::span<AddCommand* const> commands();

}  // namespace ftaudit::cli
