// `ftaudit scan` and `ftaudit facts`.
#pragma once

#include "cli/options.h"

namespace ftaudit::cli {

struct Console {
  bool colour = false;  // on stdout
  std::size_t width = 100;
  int verbosity = 0;
  bool progress = false;  // stderr is a terminal
};

int scan(const ScanOptions& options, const Console& console);
int facts(const FactsOptions& options, const Console& console);

}  // namespace ftaudit::cli
