// Adoption as one HTML page that needs nothing else: sorted and filtered in place, usable by keyboard, light and dark,
// with the evidence of each package and the tree of who pulls in whom. A strict content policy in the page itself
// forbids every request and every script but its own. All text of packages is escaped. It reads well without scripts,
// too.
#pragma once

#include <ostream>
#include <string_view>

#include "finding/adoption.h"

namespace ftaudit::reports {

void write_adoption_html(std::ostream& out, const AdoptionReport& report);

// The page's own style and script (adoption_page.cpp).
extern const std::string_view adoption_style, adoption_script;

}  // namespace ftaudit::reports
