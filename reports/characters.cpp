#include "reports/characters.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ftaudit::reports {

std::size_t decode(std::string_view text, char32_t& character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return character = lead, 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  character = lead & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    character = (character << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) return 0;
  return length;
}

std::u16string utf16(std::string_view text) {
  std::u16string out;
  while (!text.empty()) {
    char32_t character = 0;
    const std::size_t length = decode(text, character);
    if (length == 0) out += u'\uFFFD';
    else if (character < 0x10000) out += static_cast<char16_t>(character);
    else {
      out += static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::size_t utf16_units(std::string_view line, std::size_t offset) {
  // A place past the end of the line stays past it.
  return utf16(line.substr(0, offset)).size() + (offset > line.size() ? offset - line.size() : 0);
}

std::string shortened(std::string text, std::size_t bytes) {
  constexpr std::string_view mark = "…";
  if (text.size() <= bytes) return text;
  std::size_t end = bytes > mark.size() ? bytes - mark.size() : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text.append(mark);
}

}  // namespace ftaudit::reports
