// Small questions about strings that several layers ask. Pure functions, bytes in, bytes out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit {

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string to_lower(std::string_view text);

// Shell-style match of the whole text: '*' any run (also across '/'), '?' one character.
bool glob_match(std::string_view pattern, std::string_view text);

// The candidate nearest to `word` by edit distance, if near enough to be a slip of the finger; else "".
std::string closest(std::string_view word, std::span<const std::string> candidates);

// "1 file", "3 files".
std::string counted(std::size_t n, std::string_view singular, std::string_view plural = {});

}  // namespace ftaudit
