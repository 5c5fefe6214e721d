#include "reports/listing.h"

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"

namespace ftaudit::reports {

namespace {

constexpr std::uint32_t lines_before = 3, lines_after = 3;
constexpr std::uint32_t longest_range = 12;  // lines; of a longer range the start is shown
constexpr std::size_t longest_line = 400;    // bytes

// The line as markup, with the bytes [from, to) marked; from == to marks nothing.
std::string marked(std::string_view line, std::size_t from, std::size_t to) {
  std::string_view cut = line.substr(0, longest_line);
  // Not in the middle of a character.
  while (cut.size() < line.size() && !cut.empty() && (static_cast<unsigned char>(line[cut.size()]) & 0xC0) == 0x80)
    cut.remove_suffix(1);
  std::string out, part;
  bool inside = false;
  const auto flush = [&] {
    if (!part.empty()) out += inside ? "<mark>" + markup(part) + "</mark>" : markup(part);
    part.clear();
  };
  for (const Glyph& glyph : glyphs(cut)) {
    const bool here = glyph.offset >= from && glyph.offset < to;
    if (here != inside) flush();
    inside = here;
    part += glyph.shown;
  }
  flush();
  return cut.size() < line.size() ? out + "…" : out;
}

}  // namespace

std::string listing(Sources& sources, const Location& location) {
  if (location.line == 0 || !sources.line(location.file, location.line)) return "";
  const std::uint32_t end = std::min(std::max(location.line, location.end_line), location.line + longest_range - 1);
  const std::uint32_t first = location.line > lines_before ? location.line - lines_before : 1;
  std::string lines;
  for (std::uint32_t number = first; number <= end + lines_after; ++number) {
    const auto line = sources.line(location.file, number);
    // What follows a last line break is no line.
    if (!line || (line->empty() && number > end && !sources.line(location.file, number + 1))) break;
    std::size_t from = 0, to = 0;
    if (number >= location.line && number <= end) {
      const std::size_t text = std::min(line->find_first_not_of(" \t"), line->size());
      from = number == location.line && location.column > 0 ? location.column - 1 : text;
      to = number < location.end_line ? line->size() : location.end_column > 0 ? location.end_column - 1 : line->size();
      if (location.end_line == 0) to = location.column > 0 ? from + 1 : line->size();
    }
    lines += "<span data-n=\"" + std::to_string(number) + "\">" + marked(*line, from, std::max(from, to)) + "\n</span>";
  }
  return "<pre class=\"code\" tabindex=\"0\">" + lines + "</pre>";
}

}  // namespace ftaudit::reports
