// Terminal: the report people read. Each finding with its source line, what is wrong, why and what to write instead;
// then a verdict a module, what could not be read, and one line of counts. Nothing from the project's files reaches
// the terminal unprinted-over: see columns.h.
#pragma once

#include <cstddef>
#include <ostream>

#include "finding/document.h"
#include "reports/snippet.h"

namespace ftaudit::reports {

struct TerminalStyle {
  bool colour = false;
  std::size_t width = 100;  // columns; less than 40 is taken as 40
  bool verbose = false;     // every "why", every list whole, sites a rule
  SourceReader source;      // empty: no source lines are shown
};

void write_terminal(std::ostream& out, const Document& document, const TerminalStyle& style);

}  // namespace ftaudit::reports
