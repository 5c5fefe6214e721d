// Listing: a few lines of source around a place, as HTML, the range marked. The page's counterpart of a terminal's
// snippet. Line numbers are for the eye, made by the style: a copy of the code does not carry them.
#pragma once

#include <string>

#include "reports/snippet.h"

namespace ftaudit::reports {

// "" where the source cannot be had. Nothing in the source becomes markup.
std::string listing(Sources& sources, const Location& location);

}  // namespace ftaudit::reports
