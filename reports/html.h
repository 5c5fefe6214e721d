// HTML: one page that needs nothing but itself: no network, no other file. Everything is in the markup, so that it
// reads and prints without scripts; the script adds filters, order, keys and links. What comes from the project is text
// and never markup, and a content security policy lets only the page's own style and script (by their hashes) do
// anything.
#pragma once

#include <ostream>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

void write_html(std::ostream& out, const Document& document, const Surroundings& around);

}  // namespace ftaudit::reports
