// Listing: a few lines of source around a place, as HTML: line numbers, the lines, the range marked. The page's counterpart
// of a terminal's snippet.
#pragma once

#include <string>

#include "reports/snippet.h"

namespace ftaudit::reports {

// "" where the source cannot be had. Nothing in the source becomes markup.
std::string listing(Sources& sources, const Location& location);

}  // namespace ftaudit::reports
