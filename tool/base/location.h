// A place in a source file as people and reports see it. Lines and columns count from 1; 0 means unknown.
// The compact form that facts use (file numbers) is model::Span.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace ftaudit {

struct Location {
  std::string file;  // relative to the project's root where it lies below it, else absolute
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;    // last line of the range, inclusive
  std::uint32_t end_column = 0;  // one past the last column

  auto operator<=>(const Location&) const = default;
};

}  // namespace ftaudit
