#include "cython/comments.h"

#include "base/text.h"

namespace ftaudit::cython {
namespace {

// Where the comment of a line starts, with strings of several lines kept in mind from line to line.
class Scanner {
 public:
  std::size_t comment_in(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (!open_.empty()) {
        if (c == '\\') ++i;
        else if (line.substr(i).starts_with(open_)) i += open_.size() - 1, open_.clear();
      } else if (c == '#') {
        return i;
      } else if (c == '"' || c == '\'') {
        open_ = line.substr(i).starts_with(std::string(3, c)) ? std::string(3, c) : std::string(1, c);
        i += open_.size() - 1;
      }
    }
    if (open_.size() == 1) open_.clear();  // a string of one line ends with it
    return std::string_view::npos;
  }

 private:
  std::string open_;  // the quotes that end the string we are in
};

bool may_allow(std::string_view comment) {
  return comment.find("ftaudit") != std::string_view::npos ||
         comment.find("noqa: borrowed-ref") != std::string_view::npos;
}

}  // namespace

std::vector<model::Allowance> allowances_in(const std::vector<std::string>& lines, model::FileId file) {
  std::vector<model::Allowance> out;
  Scanner scanner;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const std::size_t start = scanner.comment_in(line);
    if (start == std::string_view::npos || !may_allow(line.substr(start))) continue;
    model::Allowance allowance;
    const auto number = static_cast<std::uint32_t>(i + 1);
    allowance.span = {file, number, static_cast<std::uint32_t>(start + 1), number,
                      static_cast<std::uint32_t>(line.size() + 1)};
    allowance.text = std::string(trim(line.substr(line.find_first_not_of('#', start) == std::string_view::npos
                                                      ? line.size()
                                                      : line.find_first_not_of('#', start))));
    allowance.alone = trim(line.substr(0, start)).empty();
    for (std::size_t next = i + 1; next < lines.size(); ++next) {
      const std::string_view below = trim(lines[next]);
      if (below.empty()) break;
      if (below.starts_with("#")) continue;
      allowance.next_line = static_cast<std::uint32_t>(next + 1);
      break;
    }
    out.push_back(std::move(allowance));
  }
  return out;
}

}  // namespace ftaudit::cython
