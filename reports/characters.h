// Characters: text of unknown origin taken apart into Unicode characters. Source files and names are bytes that claim
// to be UTF-8; formats that count in other units (SARIF's columns) or forbid some characters (XML) ask here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ftaudit::reports {

// Length of the well-formed UTF-8 sequence that `text` (not empty) starts with and its character; 0 if it starts with
// none.
std::size_t decode(std::string_view text, char32_t& character);

// The text as UTF-16, every broken byte as U+FFFD.
std::u16string utf16(std::string_view text);

// UTF-16 code units before byte `offset` of the line.
std::size_t utf16_units(std::string_view line, std::size_t offset);

// At most `bytes` long, cut between characters, with "…" where something is missing.
std::string shortened(std::string text, std::size_t bytes);

}  // namespace ftaudit::reports
