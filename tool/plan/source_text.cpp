#include "plan/source_text.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace ftaudit::plan {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// A line without its comments, as far as they begin and end in it.
std::string without_comments(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i).starts_with("//")) break;
    if (line.substr(i).starts_with("/*")) {
      const std::size_t end = line.find("*/", i + 2);
      if (end == line.npos) break;
      i = end + 1;
      continue;
    }
    out += line[i];
  }
  return std::string(trim(out));
}

}  // namespace

SourceText::SourceText(std::string file, std::string text, std::string sha256)
    : file_(std::move(file)), text_(std::move(text)), sha256_(std::move(sha256)), starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(i + 1);
}

std::size_t SourceText::offset(std::uint32_t line, std::uint32_t column) const {
  if (line == 0 || column == 0 || line > starts_.size()) return text_.size();
  return std::min(starts_[line - 1] + column - 1, text_.size());
}

std::optional<TextRange> SourceText::range(const Location& at) const {
  if (at.line == 0 || at.end_line < at.line) return std::nullopt;
  const TextRange out{offset(at.line, at.column), offset(at.end_line, at.end_column)};
  return out.first < out.last ? std::optional(out) : std::nullopt;
}

std::size_t SourceText::line_start(std::size_t at) const {
  return *(std::upper_bound(starts_.begin(), starts_.end(), at) - 1);
}

std::size_t SourceText::line_end(std::size_t at) const {
  std::size_t end = std::min(text_.find('\n', at), text_.size());
  if (end > 0 && text_[end - 1] == '\r') --end;
  return end;
}

std::string SourceText::indent_at(std::size_t at) const {
  const std::size_t start = line_start(at);
  std::size_t end = start;
  while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
  return text_.substr(start, end - start);
}

std::string SourceText::step_of_indent(std::size_t brace) const {
  const std::string outside = indent_at(brace);
  for (std::size_t at = line_end(brace); at < text_.size(); at = line_end(at)) {
    while (at < text_.size() && (text_[at] == '\n' || text_[at] == '\r')) ++at;
    const std::string_view line = std::string_view(text_).substr(at, line_end(at) - at);
    if (trim(line).empty() || trim(line).starts_with("#")) continue;
    const std::string inside = indent_at(at);
    if (inside.size() > outside.size() && inside.starts_with(outside)) return inside.substr(outside.size());
    break;
  }
  return "    ";
}

// Behind the string, character or comment that begins at `at`; `at` where none does.
std::size_t SourceText::skip(std::size_t at) const {
  const std::string_view rest = std::string_view(text_).substr(at);
  if (rest.starts_with("//")) return line_end(at);
  if (rest.starts_with("/*")) {
    const std::size_t end = text_.find("*/", at + 2);
    return end == std::string::npos ? text_.size() : end + 2;
  }
  if (rest[0] != '"' && rest[0] != '\'') return at;
  std::size_t end = at + 1;
  while (end < text_.size() && text_[end] != rest[0] && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text_.size());
}

bool SourceText::mentions(std::string_view word, TextRange range) const {
  for (std::size_t at = range.first; at < range.last;) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    if (!is_word(text_[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < range.last && is_word(text_[end])) ++end;
    if (std::string_view(text_).substr(at, end - at) == word) return true;
    at = end;
  }
  return false;
}

bool SourceText::begins_statement(std::size_t line) const {
  for (std::size_t start = line; start > 0;) {
    const std::size_t before = line_start(start - 1);
    const std::string_view whole = std::string_view(text_).substr(before, line_end(before) - before);
    const std::string code = without_comments(whole);
    start = before;
    if (code.empty() || trim(whole).starts_with("*")) continue;
    return code.starts_with("#") ? !code.ends_with("\\")
                                 : code.ends_with(";") || code.ends_with("{") || code.ends_with("}");
  }
  return true;
}

std::optional<TextRange> SourceText::statements(TextRange part) const {
  std::size_t first = line_start(part.first);
  for (int up = 0; !begins_statement(first); ++up) {
    if (first == 0 || up == 20) return std::nullopt;
    first = line_start(first - 1);
  }
  std::size_t at = first;
  int braces = 0, parentheses = 0;
  while (at < text_.size()) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    const char c = text_[at++];
    if (c == '#') return std::nullopt;
    if (c == '{') ++braces;
    if (c == '(') ++parentheses;
    if (c == ')') --parentheses;
    if (c == '}' && --braces < 0) return std::nullopt;
    if (braces != 0 || parentheses != 0 || at < part.last || (c != ';' && c != '}')) continue;
    std::size_t next = at;
    while (next < text_.size() && std::isspace(static_cast<unsigned char>(text_[next])) != 0) ++next;
    if (text_.compare(next, 4, "else") == 0) continue;
    const TextRange found{first, at};
    // On its own lines, and left only at its end.
    if (!without_comments(std::string_view(text_).substr(at, line_end(at) - at)).empty()) return std::nullopt;
    for (const char* word : {"return", "goto", "do", "case", "default", "Py_RETURN_NONE", "Py_RETURN_TRUE",
                             "Py_RETURN_FALSE", "Py_RETURN_NOTIMPLEMENTED"})
      if (mentions(word, found)) return std::nullopt;
    if (trim(this->part(found)).starts_with("else")) return std::nullopt;
    const bool loops = mentions("for", found) || mentions("while", found) || mentions("switch", found);
    if (!loops && (mentions("break", found) || mentions("continue", found))) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

bool SourceText::is_outermost(TextRange range, std::size_t until) const {
  int depth = 0;
  for (std::size_t at = range.first; at < until;) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    depth += text_[at] == '{' || text_[at] == '(';
    depth -= text_[at] == '}' || text_[at] == ')';
    ++at;
  }
  return depth == 0;
}

std::optional<std::size_t> SourceText::next_brace(std::size_t from) const {
  for (std::size_t at = from; at < text_.size();) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    if (text_[at] == '{') return at;
    if (text_[at] == ';' || text_[at] == '#') return std::nullopt;
    ++at;
  }
  return std::nullopt;
}

std::optional<std::size_t> SourceText::behind_includes() const {
  std::optional<std::size_t> out;
  int conditions = 0;
  for (std::size_t n = 0; n + 1 < starts_.size(); ++n) {
    std::string_view line = trim(std::string_view(text_).substr(starts_[n], line_end(starts_[n]) - starts_[n]));
    if (!line.starts_with("#")) continue;
    line = trim(line.substr(1));
    if (line.starts_with("if")) ++conditions;
    if (line.starts_with("endif")) --conditions;
    if (line.starts_with("include") && conditions == 0) out = starts_[n + 1];
  }
  return out;
}

Location SourceText::location(TextRange range) const {
  const auto line = [&](std::size_t at) {
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin());
  };
  const auto column = [&](std::size_t at) { return static_cast<std::uint32_t>(at - starts_[line(at) - 1] + 1); };
  return {file_, line(range.first), column(range.first), line(range.last), column(range.last)};
}

Fix SourceText::replacement(TextRange range, std::string text) const {
  return {.range = location(range), .text = std::move(text), .of = sha256_};
}

Fix SourceText::insertion(std::size_t at, std::string lines) const { return replacement({at, at}, std::move(lines)); }

}  // namespace ftaudit::plan
