#include "packages/names/name.h"

#include <algorithm>

namespace ftaudit::packages {
namespace {

// Only ASCII counts: the C library's own classes follow the locale.
bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_separator(char c) { return c == '-' || c == '_' || c == '.'; }

}  // namespace

std::string normal_name(std::string_view name) {
  std::string normal;
  for (char c : name) {
    if (is_separator(c)) {
      if (normal.empty() || normal.back() != '-') normal += '-';
    } else {
      normal += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return normal;
}

bool is_name(std::string_view text) {
  return !text.empty() && is_letter_or_digit(text.front()) && is_letter_or_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || is_separator(c); });
}

}  // namespace ftaudit::packages
