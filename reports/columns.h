// Columns: text as a terminal shows it. Source files, names and messages are not trusted: control characters, escape
// sequences, text-direction marks and broken UTF-8 become visible harmless characters here, before anything is
// measured, wrapped or printed, and no line begins as a workflow's commands do. Used
// by every report meant for a terminal; files that programs read do not come here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::reports {

// One character as it is shown: what it was in the text, and what stands for it.
struct Glyph {
  std::size_t offset = 0;  // of its first byte in the original text
  std::string shown;       // printable UTF-8
  std::size_t width = 1;   // columns: 0 for combining marks, 2 for wide East Asian characters and emoji
};

// The glyphs of one line. Tabs become blanks up to the next multiple of `tab`.
std::vector<Glyph> glyphs(std::string_view line, std::size_t tab = 4);

// The text with everything a terminal could act on made visible; line breaks and tabs become blanks.
std::string printable(std::string_view text);

// The same of a file's name at the start of a line, which must not begin as a workflow's commands do.
std::string leading(std::string_view file);

std::size_t width(std::string_view printable_text);

// The text broken at blanks into lines of at most `columns`; a longer word gets a line of its own, whole, so that paths
// and names can be copied. `used` columns of the first line are taken already. Never empty. The text is made printable
// first.
std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t used = 0);

}  // namespace ftaudit::reports
