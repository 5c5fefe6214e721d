#include "plan/source_text.h"

#include <algorithm>
#include <cctype>
#include <map>

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

std::size_t SourceText::count(std::string_view word, TextRange range) const {
  std::size_t out = 0;
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
    out += std::string_view(text_).substr(at, end - at) == word;
    at = end;
  }
  return out;
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

// `cache == NULL`, and other ways to say it.
bool SourceText::asks_unset(std::string_view name, TextRange condition) const {
  std::string asked(part(condition));
  std::erase_if(asked, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
  const std::string unset(name);
  return asked == unset + "==NULL" || asked == "NULL==" + unset || asked == "!" + unset;
}

std::optional<TextRange> SourceText::if_unset(std::string_view name, std::size_t from, TextRange part) const {
  std::vector<std::size_t> open;
  std::map<std::size_t, std::size_t> opened;  // by where it closes
  const auto step = [&](std::size_t at) {
    if (const std::size_t next = skip(at); next != at) return next;
    if (text_[at] == '(' || text_[at] == '{') open.push_back(at);
    if ((text_[at] == ')' || text_[at] == '}') && !open.empty()) opened[at] = open.back(), open.pop_back();
    return at + 1;
  };
  const auto before = [&](std::size_t at) { return text_.find_last_not_of(" \t\r\n", at - 1); };
  std::size_t at = from;
  while (at < part.first) at = step(at);
  std::size_t close = before(part.first), end = text_.find_first_not_of(" \t\r\n", part.last);
  if (end == std::string::npos || close == std::string::npos) return std::nullopt;
  if (text_[close] == ')') {
    if (text_[end] != ';') return std::nullopt;
  } else {
    if (open.empty() || text_[open.back()] != '{') return std::nullopt;
    const std::size_t brace = open.back();
    close = before(brace);
    while (at < text_.size() && std::ranges::find(open, brace) != open.end()) end = at, at = step(at);
  }
  ++end;
  if (close == std::string::npos || !opened.contains(close)) return std::nullopt;
  const std::size_t head = opened.at(close), word = before(head);
  if (word == std::string::npos || word == 0 || text_.compare(word - 1, 2, "if") != 0) return std::nullopt;
  if (!asks_unset(name, {head + 1, close})) return std::nullopt;
  const std::size_t line = line_start(word), next = text_.find_first_not_of(" \t\r\n", end);
  if (trim(std::string_view(text_).substr(line, word - 1 - line)) != "" || !begins_statement(line) ||
      !without_comments(std::string_view(text_).substr(end, line_end(end) - end)).empty() ||
      (next != std::string::npos && text_.compare(next, 4, "else") == 0))
    return std::nullopt;
  return TextRange{line, end};
}

// Behind the `;` or the `}` that ends what is going on at `at`.
std::optional<std::size_t> SourceText::end_of_statement(std::size_t at) const {
  for (int braces = 0; at < text_.size();) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    const char c = text_[at++];
    if (c == '#') return std::nullopt;
    if (c == '{') ++braces;
    if (c == '}' && --braces < 0) return std::nullopt;
    if (braces == 0 && (c == ';' || c == '}')) return at;
  }
  return std::nullopt;
}

bool SourceText::ends_braced(std::size_t at) const {
  const std::size_t equals = text_.find('=', at), brace = text_.find('{', at);
  if (equals == std::string::npos || brace == std::string::npos || !trim(part({equals + 1, brace})).empty())
    return false;
  const std::optional<std::size_t> end = end_of_statement(brace);
  const std::size_t next = end ? text_.find_first_not_of(" \t\r\n", *end) : std::string::npos;
  return next != std::string::npos && text_[next] == ';';
}

std::optional<std::size_t> SourceText::behind_test(std::string_view name, TextRange part) const {
  std::optional<std::size_t> end = end_of_statement(part.last);
  const std::size_t first = line_start(part.first);
  if (!end || !begins_statement(first)) return std::nullopt;
  const auto leaves = [&](TextRange range) { return mentions("return", range) || mentions("goto", range); };
  if (!leaves({first, *end})) {
    const std::size_t test = text_.find_first_not_of(" \t\r\n", *end);
    if (test == std::string::npos || text_.compare(test, 2, "if") != 0) return std::nullopt;
    const std::size_t open = text_.find('(', test), close = text_.find(')', test);
    const std::optional<std::size_t> behind = end_of_statement(test);
    if (!behind || open > close || close > *behind || !asks_unset(name, {open + 1, close}) || !leaves({test, *behind}))
      return std::nullopt;
    end = behind;
  }
  const std::size_t next = text_.find_first_not_of(" \t\r\n", *end);
  if (next == std::string::npos || text_.compare(next, 4, "else") == 0 ||
      !without_comments(std::string_view(text_).substr(*end, line_end(*end) - *end)).empty())
    return std::nullopt;
  return text_.find('\n', *end) + 1;
}

std::set<std::string> SourceText::words(TextRange range) const {
  std::set<std::string> out;
  for (std::size_t at = range.first; at < range.last;) {
    if (const std::size_t next = skip(at); next != at) {
      at = next;
      continue;
    }
    std::size_t end = at;
    while (end < range.last && is_word(text_[end])) ++end;
    if (end > at) out.insert(text_.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return out;
}

std::optional<std::string> SourceText::leaving_by(std::string_view with, TextRange range) const {
  for (const char* word : {"break", "continue", "case", "default", "switch", "do"})
    if (mentions(word, range)) return std::nullopt;
  std::string out;
  for (std::size_t at = range.first; at < range.last;) {
    if (const std::size_t next = skip(at); next != at) {
      out += text_.substr(at, next - at), at = next;
      continue;
    }
    if (text_[at] == '#' || text_[at] == ':') return std::nullopt;
    std::size_t end = at;
    while (end < range.last && is_word(text_[end])) ++end;
    const std::string word = text_.substr(at, end - at);
    if (word.starts_with("Py_RETURN_")) return std::nullopt;
    if (word == "return" || word == "goto") {
      const std::size_t semicolon = text_.find(';', end);
      if (semicolon >= range.last || text_.find('(', end) < semicolon) return std::nullopt;
      out += with, at = semicolon;
      continue;
    }
    end = std::max(end, at + 1);
    out += text_.substr(at, end - at), at = end;
  }
  return out;
}

std::vector<std::size_t> SourceText::branches_at(std::size_t until) const {
  std::vector<std::size_t> out;
  for (const std::size_t start : starts_) {
    if (start >= until) break;
    std::string_view line = trim(std::string_view(text_).substr(start, line_end(start) - start));
    if (!line.starts_with("#")) continue;
    line = trim(line.substr(1));
    if (line.starts_with("if")) out.push_back(start);
    else if (line.starts_with("endif") && !out.empty()) out.pop_back();
    else if (line.starts_with("el") && !out.empty()) out.back() = start;
  }
  return out;
}

std::size_t SourceText::above(std::size_t line) const {
  while (line > 0) {
    const std::size_t before = line_start(line - 1);
    const std::string_view text = trim(std::string_view(text_).substr(before, line_end(before) - before));
    if (!(text.starts_with("/*") || text.starts_with("*") || text.starts_with("//"))) break;
    line = before;
  }
  return line;
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
