// Formats: every way a Document can be written, by name. Commands that take --format or --report ask here; a format is
// a function and one line in the list. Formats know the document and what lies around it, never who asked.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

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
