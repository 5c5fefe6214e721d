// Formats: every way a Document can be written, by name. Commands that take --format or --report ask here; a format is
// a function and one line in the list. Formats know the document and what lies around it, never who asked.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "finding/document.h"
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

struct Format {
  std::string_view name;   // "sarif"
  std::string_view about;  // "GitHub code scanning and other viewers"
  void (*write)(std::ostream& out, const Document& document, const Surroundings& around);
};

// In the order they are offered.
std::span<const Format> formats();
// null where there is none of that name.
const Format* format_named(std::string_view name);
// "terminal, concise, json, …".
std::string format_names();

}  // namespace ftaudit::reports
