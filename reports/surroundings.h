// Surroundings: what lies around a document and is not in it: its sources, the rules, the terminal.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "finding/rule.h"
#include "reports/snippet.h"

namespace ftaudit::reports {

// What a format may use beside the document. All of it may be missing.
struct Surroundings {
  SourceReader source;                // empty: no source lines are shown
  std::span<const ListedRule> rules;  // for summaries and pages of rules
  std::string folder;  // the project's folder in its repository, "" for the top, else with '/' at the end
  std::string_view site;  // where the pages are, with '/' at the end; "" where nobody knows: nothing links there
  bool colour = false;
  std::size_t width = 100;  // columns of a terminal
  bool verbose = false;     // lists whole, every "why"
};

}  // namespace ftaudit::reports
