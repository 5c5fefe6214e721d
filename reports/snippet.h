// Snippet: the source lines of a location with a caret line below, cut and cleaned so that any file can be shown.
// Produces plain pieces of text; the terminal report adds the margin and the colours.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"

namespace ftaudit::reports {

// The text of a file named as in a Location, or nothing when it cannot be had (it moved, or the report was made
// elsewhere).
using SourceReader = std::function<std::optional<std::string>(const std::string& file)>;

// Reads each file once and hands out its lines. A report goes through files in order but traces jump back.
class Sources {
 public:
  explicit Sources(SourceReader reader) : reader_(std::move(reader)) {}
  // Line `number` (from 1) without its end, or nothing. Valid as long as the object.
  std::optional<std::string_view> line(const std::string& file, std::uint32_t number);

 private:
  struct File {
    std::string text;
    std::vector<std::size_t> starts;  // offset of each line
  };
  SourceReader reader_;
  std::map<std::string, File> files_;
};

struct SnippetLine {
  std::uint32_t number = 0;  // 0: lines were left out here
  std::string text;          // printable, at most `columns` wide
  std::string carets;        // blanks and '^', to stand below the text; "" for none
};

// The first line of the range with carets below, and up to two more where the range goes on. A line longer than
// `columns` is cut around the carets, with "…" where something is missing. Empty when the source cannot be had.
std::vector<SnippetLine> snippet(Sources& sources, const Location& location, std::size_t columns);

}  // namespace ftaudit::reports
