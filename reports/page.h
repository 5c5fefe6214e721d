// Page: the parts of the HTML report that are the same for every document: its style, its script and the form with its
// filters. Kept as files under page/ and embedded by the build; they reach the page as they are.
#pragma once

#include <string_view>

namespace ftaudit::reports {

extern const std::string_view page_style, page_script, page_filters;

}  // namespace ftaudit::reports
