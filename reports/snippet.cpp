#include "reports/snippet.h"

#include <algorithm>

#include "reports/columns.h"

namespace ftaudit::reports {

namespace {

constexpr std::uint32_t lines_shown = 3;
// What is kept before the caret when a long line is cut, so that the reader sees what the place belongs to.
constexpr std::size_t lead_in = 24;
// A line of minified or generated code may be megabytes long; nothing beyond this is looked at.
constexpr std::size_t longest_line = 1 << 16;

std::size_t total_width(const std::vector<Glyph>& line) {
  std::size_t columns = 0;
  for (const Glyph& glyph : line) columns += glyph.width;
  return columns;
}

// The glyphs [first, last) that fit: from the start if the mark is then visible, else from a little before it.
std::pair<std::size_t, std::size_t> window(const std::vector<Glyph>& line, std::size_t mark, std::size_t columns) {
  if (total_width(line) <= columns) return {0, line.size()};
  const std::size_t room = columns > 2 ? columns - 2 : 1;  // for "…" on both sides
  std::size_t before_mark = 0;
  for (std::size_t i = 0; i < mark && i < line.size(); ++i) before_mark += line[i].width;
  std::size_t first = 0;
  if (before_mark + lead_in > room)
    for (std::size_t skipped = 0; first < mark && before_mark - skipped > std::min(lead_in, room / 2); ++first)
      skipped += line[first].width;
  std::size_t last = first;
  for (std::size_t used = 0; last < line.size() && used + line[last].width <= room; ++last) used += line[last].width;
  return {first, last};
}

SnippetLine marked_line(std::string_view text, std::uint32_t number, std::uint32_t column, std::size_t end_offset,
                        bool mark, std::size_t columns) {
  SnippetLine out{.number = number};
  const std::vector<Glyph> line = glyphs(text.substr(0, longest_line));
  const std::size_t start_offset = column > 0 ? column - 1 : 0;
  const auto at =
      std::find_if(line.begin(), line.end(), [&](const Glyph& glyph) { return glyph.offset >= start_offset; });
  const std::size_t start = static_cast<std::size_t>(at - line.begin());
  const auto [first, last] = window(line, start, columns);
  if (first > 0) out.text = "…";
  std::string carets(first > 0 ? 1 : 0, ' ');
  for (std::size_t i = first; i < last; ++i) {
    out.text += line[i].shown;
    const bool inside = i >= start && line[i].offset < std::max(end_offset, start_offset + 1);
    carets.append(line[i].width, inside ? '^' : ' ');
  }
  if (last < line.size()) out.text += "…";
  while (!out.text.empty() && out.text.back() == ' ') out.text.pop_back();
  if (!mark || column == 0) return out;
  // A place past the end of the line (a missing token) still gets its caret.
  if (start >= line.size()) carets += '^';
  carets.erase(carets.find_last_not_of(' ') + 1);
  out.carets = std::move(carets);
  return out;
}

}  // namespace

std::optional<std::string_view> Sources::line(const std::string& file, std::uint32_t number) {
  const auto [at, fresh] = files_.try_emplace(file);
  File& known = at->second;
  if (fresh && reader_)
    if (auto text = reader_(file)) {
      known.text = std::move(*text);
      known.starts.push_back(0);
      for (std::size_t i = 0; i < known.text.size(); ++i)
        if (known.text[i] == '\n') known.starts.push_back(i + 1);
    }
  if (number == 0 || number > known.starts.size()) return std::nullopt;
  const std::size_t start = known.starts[number - 1];
  std::string_view line = std::string_view(known.text).substr(start);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::vector<SnippetLine> snippet(Sources& sources, const Location& location, std::size_t columns) {
  std::vector<SnippetLine> out;
  const std::uint32_t last = std::max(location.line, location.end_line);
  for (std::uint32_t number = location.line; number <= last; ++number) {
    const auto text = sources.line(location.file, number);
    if (!text) break;
    if (number == location.line) {
      // Without an end the caret stands alone; a range that goes on is marked to the end of its first line.
      const std::size_t end = last > number             ? text->find_last_not_of(" \t") + 1
                              : location.end_column > 0 ? location.end_column - 1
                                                        : location.column;
      out.push_back(marked_line(*text, number, location.column, end, true, columns));
    } else if (number < location.line + lines_shown || last == location.line + lines_shown) {
      out.push_back(marked_line(*text, number, 0, 0, false, columns));
    } else {
      out.push_back({});
      break;
    }
  }
  return out;
}

}  // namespace ftaudit::reports
