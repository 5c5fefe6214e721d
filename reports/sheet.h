// Sheet: the look of the pages that trial and measure write: colours, and a table of class `rows` whose rows become
// blocks on a narrow screen: `what` and `says` a line of their own, a cell with `data-of` behind those words.
#pragma once

#include <ostream>
#include <string_view>

namespace ftaudit::reports {

// All up to the body. `title` is markup already; `style`: what the page has besides.
void begin_sheet(std::ostream& out, std::string_view title, std::string_view style);

}  // namespace ftaudit::reports
