#include "reports/columns.h"

#include <algorithm>
#include <array>

#include "reports/characters.h"

namespace ftaudit::reports {

namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15, to the coarseness a caret under a source line needs.
constexpr std::array combining{
    Range{0x300, 0x36F},   Range{0x483, 0x489},   Range{0x591, 0x5BD},   Range{0x610, 0x61A},   Range{0x64B, 0x65F},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
constexpr std::array wide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
                          Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
                          Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE4F},
                          Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                          Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
// Characters that show nothing but change how their neighbours are shown, or that a terminal obeys.
constexpr std::array deceptive{Range{0x7F, 0x9F},     Range{0xAD, 0xAD},     Range{0x61C, 0x61C},
                               Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
                               Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};

template <std::size_t N> bool among(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range range) { return c >= range.first && c <= range.last; });
}

constexpr std::string_view replacement = "\uFFFD";

// U+2400 to U+241F picture the C0 control characters.
std::string picture(char32_t control) {
  std::string out = "\u2400";
  out.back() = static_cast<char>(out.back() + control);
  return out;
}

}  // namespace

std::vector<Glyph> glyphs(std::string_view line, std::size_t tab) {
  std::vector<Glyph> out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    Glyph glyph{.offset = at};
    char32_t character = 0;
    const std::size_t length = decode(line.substr(at), character);
    if (length == 0 || among(deceptive, character)) {
      glyph.shown = replacement;
    } else if (character == '\t') {
      glyph.width = tab - column % tab;
      glyph.shown.assign(glyph.width, ' ');
    } else if (character < 0x20) {
      glyph.shown = picture(character);
    } else {
      glyph.shown = line.substr(at, length);
      glyph.width = among(combining, character) ? 0 : among(wide, character) ? 2 : 1;
    }
    at += std::max<std::size_t>(length, 1);
    column += glyph.width;
    out.push_back(std::move(glyph));
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string flat(text);
  std::replace_if(flat.begin(), flat.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  std::string out;
  for (const Glyph& glyph : glyphs(flat)) out += glyph.shown;
  return out;
}

std::string leading(std::string_view text) {
  const std::string shown = printable(text);
  const std::size_t first = shown.find_first_not_of(' ');
  return first != shown.npos && shown.substr(first).starts_with("::") ? "./" + shown : shown;
}

std::size_t width(std::string_view printable_text) {
  std::size_t columns = 0;
  for (const Glyph& glyph : glyphs(printable_text)) columns += glyph.width;
  return columns;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t used) {
  const std::string flat = printable(text);
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < flat.size();) {
    const std::size_t start = flat.find_first_not_of(' ', at);
    if (start == flat.npos) break;
    at = std::min(flat.find(' ', start), flat.size());
    const std::string word = flat.substr(start, at - start);
    const std::size_t blank = lines.back().empty() ? 0 : 1;
    if (used > 0 && used + blank + width(word) > columns && !word.starts_with("::")) lines.emplace_back(), used = 0;
    if (!lines.back().empty()) lines.back() += ' ', ++used;
    lines.back() += word;
    used += width(word);
  }
  return lines;
}

}  // namespace ftaudit::reports
