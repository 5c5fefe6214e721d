// Markup: text of unknown origin made fit for pages and other files that programs read.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::reports {

// Well-formed UTF-8 with line breaks and tabs kept; control characters, text-direction marks and broken bytes visible.
std::string printable_lines(std::string_view text);

// For element text and attribute values of XML and HTML. The text is made printable first; line breaks stay.
std::string markup(std::string_view text);

}  // namespace ftaudit::reports
