#include "finding/edits.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/text.h"

namespace ftaudit {

namespace {

struct Range {
  std::size_t first = 0, last = 0;  // bytes [first, last)
};

// Offsets of each line's start, and one past the end.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> out{0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') out.push_back(i + 1);
  return out;
}

std::optional<Range> range_of(const Location& at, const std::vector<std::size_t>& starts, std::size_t size) {
  if (at.line == 0 || at.column == 0 || at.end_line < at.line || at.end_column == 0 || at.end_line > starts.size())
    return std::nullopt;
  const Range out{starts[at.line - 1] + at.column - 1, starts[at.end_line - 1] + at.end_column - 1};
  if (out.first > out.last || out.last > size) return std::nullopt;
  return out;
}

Location location_of(const Range& range, const std::string& file, const std::vector<std::size_t>& starts) {
  const auto line = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
  };
  const auto column = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(offset - starts[line(offset) - 1] + 1);
  };
  return {file, line(range.first), column(range.first), line(range.last), column(range.last)};
}

// `rest` of a line is one comment that ends with it: what is inserted before it goes behind it.
bool is_comment(std::string_view rest) {
  rest = trim(rest);
  if (rest.starts_with("//")) return !rest.ends_with("\\");
  return rest.starts_with("/*") && rest.find("*/", 2) == rest.size() - 2 && rest.size() >= 4;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

constexpr std::size_t around = 3;  // lines that a difference is shown with

// Old lines [old_first, old_last) became the new ones.
struct Change {
  std::size_t old_first, old_last, new_first, new_last;
};
using Lines = std::vector<std::string_view>;

// The changes within one stretch: what a longest common subsequence leaves out.
void split_change(const Lines& before, const Lines& after, const Change& whole, std::vector<Change>& out) {
  const std::size_t rows = whole.old_last - whole.old_first, columns = whole.new_last - whole.new_first;
  if (rows * columns > 4'000'000) return out.push_back(whole);
  const auto same = [&](std::size_t i, std::size_t k) {
    return before[whole.old_first + i] == after[whole.new_first + k];
  };
  std::vector<std::vector<std::uint32_t>> longest(rows + 1, std::vector<std::uint32_t>(columns + 1, 0));
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t k = columns; k-- > 0;)
      longest[i][k] = same(i, k) ? longest[i + 1][k + 1] + 1 : std::max(longest[i + 1][k], longest[i][k + 1]);
  for (std::size_t i = 0, k = 0; i < rows || k < columns;) {
    if (i < rows && k < columns && same(i, k)) {
      ++i, ++k;
      continue;
    }
    Change change{whole.old_first + i, 0, whole.new_first + k, 0};
    while ((i < rows || k < columns) && !(i < rows && k < columns && same(i, k)))
      (k == columns || (i < rows && longest[i + 1][k] >= longest[i][k + 1])) ? ++i : ++k;
    change.old_last = whole.old_first + i, change.new_last = whole.new_first + k;
    out.push_back(change);
  }
}

// Edits are few and local: after each difference the texts meet again soon, with three lines alike or at the end.
std::vector<Change> changes_between(const Lines& before, const Lines& after) {
  const auto meets = [&](std::size_t i, std::size_t k) {
    for (std::size_t n = 0; n < around; ++n) {
      if (i + n == before.size() && k + n == after.size()) return true;
      if (i + n >= before.size() || k + n >= after.size() || before[i + n] != after[k + n]) return false;
    }
    return true;
  };
  std::vector<Change> out;
  for (std::size_t i = 0, k = 0; i < before.size() || k < after.size();) {
    if (i < before.size() && k < after.size() && before[i] == after[k]) {
      ++i, ++k;
      continue;
    }
    Change change{i, before.size(), k, after.size()};
    bool met = false;
    for (std::size_t far = 1; !met && far <= before.size() - i + after.size() - k; ++far)
      for (std::size_t a = 0; a <= far && !met; ++a)
        if (i + a <= before.size() && k + far - a <= after.size() && meets(i + a, k + far - a))
          change.old_last = i + a, change.new_last = k + far - a, met = true;
    split_change(before, after, change, out);
    i = change.old_last, k = change.new_last;
  }
  return out;
}

// Lines without the last one's end.
Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

constexpr std::string_view one_lock = "_lock_held", many_locks = "_locks_held";

}  // namespace

Result<Fix> fitted(const Fix& fix, std::string_view text, Spelling spelling) {
  const std::vector<std::size_t> starts = line_starts(text);
  const auto known = range_of(fix.range, starts, text.size());
  if (!known) return Error{fix.range.file + ": an edit lies outside of the file"};
  Range range = *known;
  const std::string_view end_of_line = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  const std::size_t line = starts[fix.range.line - 1];
  std::size_t first = range.first, last = range.last;
  while (first > line && is_blank(text[first - 1])) --first;
  while (last < text.size() && is_blank(text[last])) ++last;
  const std::size_t line_end = std::min(text.find('\n', range.last), text.size());
  if (first != line && range.first == range.last && is_comment(text.substr(last, line_end - last)))
    range = {line_end - (text.substr(0, line_end).ends_with('\r') ? 1 : 0), 0}, range.last = range.first,
    last = line_end;
  const bool blank_before = first == line, blank_after = last == text.size() || text[last] == '\n';
  const std::size_t level = fix.level > 0 && fix.level <= starts.size() ? starts[fix.level - 1] : line;
  std::size_t indent_end = level;
  while (indent_end < text.size() && is_blank(text[indent_end]) && text[indent_end] != '\r') ++indent_end;
  const std::string indent(text.substr(level, indent_end - level));

  const std::string& wanted = spelling == Spelling::plain && fix.plain ? *fix.plain : fix.text;
  std::vector<std::string> lines;
  bool directive = false;
  for (const std::string_view each : lines_of(wanted)) {
    directive |= each.starts_with("#");
    lines.push_back((each.starts_with("#") || each.empty() ? "" : indent) + std::string(each));
  }
  Fix out = fix;
  out.plain.reset();
  out.needs_compat = fix.needs_compat && spelling == Spelling::plain;
  const bool insertion = range.first == range.last;
  if (lines.empty()) {
    // What is taken away whole takes its line along.
    if (blank_before && blank_after && !insertion) range = {line, std::min(last + 1, text.size())};
    out.text.clear();
  } else if (insertion) {
    std::string body = join(lines, end_of_line);
    if (blank_before) range = {line, line}, out.text = body.append(end_of_line);
    else if (blank_after) out.text = std::string(end_of_line) + body;
    else out.text = std::string(end_of_line) + body.append(end_of_line) + indent;
  } else if (lines.size() == 1 && !directive) {
    out.text = lines[0].substr(indent.size());
  } else {
    std::string body = join(lines, end_of_line);
    if (blank_before) range.first = line;
    else body.insert(0, end_of_line);
    if (!blank_after) body.append(end_of_line).append(indent);
    out.text = std::move(body);
  }
  out.range = location_of(range, fix.range.file, starts);
  return out;
}

Result<std::string> edited(std::string_view text, std::vector<Fix> edits) {
  const std::vector<std::size_t> starts = line_starts(text);
  struct Placed {
    Range range;
    const Fix* fix;
  };
  std::vector<Placed> placed;
  for (const Fix& edit : edits) {
    const auto range = range_of(edit.range, starts, text.size());
    if (!range) return Error{edit.range.file + ": an edit lies outside of the file"};
    placed.push_back({*range, &edit});
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.range.first, a.range.last, a.fix->text) < std::tie(b.range.first, b.range.last, b.fix->text);
  });
  placed.erase(std::unique(placed.begin(), placed.end(),
                           [](const Placed& a, const Placed& b) {
                             return a.range.first == b.range.first && a.range.last == b.range.last &&
                                    a.fix->text == b.fix->text;
                           }),
               placed.end());
  std::string out;
  std::size_t done = 0;
  const Placed* before = nullptr;
  for (const Placed& each : placed) {
    // Two insertions in one place have no order; an edit may begin where another ends.
    if (before != nullptr && (each.range.first < before->range.last || each.range.first == before->range.first))
      return Error{each.fix->range.file + ":" + std::to_string(each.fix->range.line) +
                   ": two edits want the same place"};
    out.append(text.substr(done, each.range.first - done)).append(each.fix->text);
    done = each.range.last;
    before = &each;
  }
  return out.append(text.substr(done));
}

std::string body_under_lock(std::string_view function) {
  return std::string(before_locks(function)).append(function.ends_with(one_lock) ? many_locks : one_lock);
}

std::string_view before_locks(std::string_view function) {
  for (const std::string_view suffix : {one_lock, many_locks})
    if (function.size() > suffix.size() && function.ends_with(suffix)) function.remove_suffix(suffix.size());
  return function;
}

std::string unified_diff(std::string_view before, std::string_view after, std::string_view file) {
  const Lines old_lines = lines_of(before), new_lines = lines_of(after);
  const std::vector<Change> changes = changes_between(old_lines, new_lines);
  if (changes.empty()) return "";
  std::string out = "--- a/" + std::string(file) + "\n+++ b/" + std::string(file) + "\n";
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    while (last + 1 < changes.size() && changes[last + 1].old_first <= changes[last].old_last + 2 * around) ++last;
    const std::size_t start = changes[first].old_first - std::min(changes[first].old_first, around);
    const std::size_t end = std::min(changes[last].old_last + around, old_lines.size());
    const std::size_t new_start = changes[first].new_first - (changes[first].old_first - start);
    const std::size_t new_end = changes[last].new_last + (end - changes[last].old_last);
    out += "@@ -" + std::to_string(start + (end > start)) + "," + std::to_string(end - start) + " +" +
           std::to_string(new_start + (new_end > new_start)) + "," + std::to_string(new_end - new_start) + " @@\n";
    const auto line = [&](char mark, std::string_view text) { (out += mark).append(text).append("\n"); };
    const auto unended = [&](std::string_view text, bool is_last) {
      if (is_last && !text.ends_with("\n")) out += "\\ No newline at end of file\n";
    };
    std::size_t at = start;
    for (std::size_t n = first; n <= last; ++n) {
      for (; at < changes[n].old_first; ++at) line(' ', old_lines[at]);
      for (; at < changes[n].old_last; ++at) line('-', old_lines[at]), unended(before, at + 1 == old_lines.size());
      for (std::size_t k = changes[n].new_first; k < changes[n].new_last; ++k)
        line('+', new_lines[k]), unended(after, k + 1 == new_lines.size());
    }
    for (; at < end; ++at) line(' ', old_lines[at]), unended(before, at + 1 == old_lines.size());
    first = last + 1;
  }
  return out;
}

}  // namespace ftaudit
