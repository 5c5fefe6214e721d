// Source text: where statements and functions of C begin and end in the text, as far as brackets, strings and comments
// tell. What cannot be told apart for sure is no answer; nobody guesses what a macro opens.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/location.h"
#include "finding/finding.h"

namespace ftaudit::plan {

inline bool is_c(std::string_view file) { return file.ends_with(".c") || file.ends_with(".h"); }

struct TextRange {
  std::size_t first = 0, last = 0;  // bytes [first, last)
};

class SourceText {
 public:
  SourceText(std::string file, std::string text, std::string sha256);

  const std::string& text() const { return text_; }
  std::string_view part(TextRange range) const {
    return std::string_view(text_).substr(range.first, range.last - range.first);
  }
  std::size_t offset(std::uint32_t line, std::uint32_t column) const;
  std::optional<TextRange> range(const Location& at) const;
  std::size_t line_start(std::size_t at) const;
  std::size_t line_end(std::size_t at) const;  // of its last character, before the end of line
  std::string indent_at(std::size_t at) const;
  // What lines are indented by inside of the brace at `at`.
  std::string step_of_indent(std::size_t brace) const;
  std::string_view end_of_line() const { return text_.find("\r\n") == std::string::npos ? "\n" : "\r\n"; }
  bool mentions(std::string_view word, TextRange range) const { return count(word, range) > 0; }
  std::size_t count(std::string_view word, TextRange range) const;

  // The whole statements, on lines of their own, that take in the part. Nothing where control could leave them but at
  // their end, or where they are the only thing that an `if` or a loop does.
  std::optional<TextRange> statements(TextRange part) const;
  // Between no brackets that open in the range.
  bool is_outermost(TextRange range, std::size_t at) const;
  // The `{` of the body that follows `from`.
  std::optional<std::size_t> next_brace(std::size_t from) const;

  // An `if` on lines of its own, without an `else`, that takes in the part, an assignment, and asks nothing but whether
  // `name` is unset. `from`: where the function begins.
  std::optional<TextRange> if_unset(std::string_view name, std::size_t from, TextRange part) const;
  // The beginning of the line behind the assignment to `name` and behind the test that leaves where it is unset: one
  // statement, or two. Nothing where there is no such test.
  std::optional<std::size_t> behind_test(std::string_view name, TextRange part) const;
  // What is declared up to `at` is given what stands in braces behind `=`, and nothing else is declared.
  bool ends_braced(std::size_t at) const;
  // The words of the range, each once, without those in strings and comments.
  std::set<std::string> words(TextRange range) const;
  // The text with each `return` of a plain value and each `goto` as `with`. Nothing where control goes elsewhere, too.
  std::optional<std::string> leaving_by(std::string_view with, TextRange range) const;
  // The branches of #if that the place stands in: where each begins, outermost first.
  std::vector<std::size_t> branches_at(std::size_t at) const;
  // Before the comment that stands over the line, which begins at `line`.
  std::size_t above(std::size_t line) const;

  // The beginning of the line behind the last #include that stands under no condition.
  std::optional<std::size_t> behind_includes() const;

  // The lines put in before the line of `at`, which is the beginning of one.
  Fix insertion(std::size_t at, std::string lines) const;
  Fix replacement(TextRange range, std::string text) const;

 private:
  Location location(TextRange range) const;
  std::size_t skip(std::size_t at) const;
  std::optional<std::size_t> end_of_statement(std::size_t at) const;
  bool begins_statement(std::size_t line) const;
  bool asks_unset(std::string_view name, TextRange condition) const;

  std::string file_, text_, sha256_;
  std::vector<std::size_t> starts_;
};

}  // namespace ftaudit::plan
