#include "project/cmake_syntax.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "base/text.h"

namespace ftaudit::project::cmake {

std::vector<Command> commands_of(std::string_view text) {
  std::vector<Command> out;
  unsigned line = 1;
  std::size_t i = 0;
  // "[[...]]" and "[=[...]=]"; 0 when there is none at `at`.
  const auto bracket_end = [&](std::size_t at, std::size_t& begin) -> std::size_t {
    std::size_t equals = at + 1;
    while (equals < text.size() && text[equals] == '=') ++equals;
    if (equals >= text.size() || text[equals] != '[') return 0;
    const std::string closing = "]" + std::string(equals - at - 1, '=') + "]";
    begin = equals + 1;
    return std::min(text.find(closing, begin), text.size());
  };
  const auto skip_comment = [&] {
    std::size_t begin = 0;
    if (i + 1 < text.size() && text[i + 1] == '[')
      if (const std::size_t end = bracket_end(i + 1, begin); end != 0) {
        line += static_cast<unsigned>(std::count(text.begin() + i, text.begin() + end, '\n'));
        i = std::min(text.find(']', end + 1), text.size() - 1) + 1;
        return;
      }
    while (i < text.size() && text[i] != '\n') ++i;
  };
  while (i < text.size()) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (c == '#') {
      skip_comment();
      continue;
    }
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != '_') {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    Command command{.name = to_lower(text.substr(i, end - i)), .line = line};
    i = end;
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
    if (i >= text.size() || text[i] != '(') continue;
    int depth = 1;
    for (++i; i < text.size() && depth > 0;) {
      const char a = text[i];
      std::size_t begin = 0;
      if (a == '\n') ++line;
      if (std::isspace(static_cast<unsigned char>(a)) || a == ';') {
        ++i;
      } else if (a == '#') {
        skip_comment();
      } else if (a == '(' || a == ')') {
        depth += a == '(' ? 1 : -1;
        ++i;
      } else if (a == '"') {
        std::string word;
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\n') ++line;
          if (text[i] == '\\' && i + 1 < text.size()) ++i;
          word += text[i];
        }
        if (i < text.size()) ++i;
        command.arguments.push_back(std::move(word));
        command.quoted.push_back(true);
      } else if (const std::size_t close = a == '[' ? bracket_end(i, begin) : 0; close != 0) {
        command.arguments.emplace_back(text.substr(begin, close - begin));
        command.quoted.push_back(true);
        line += static_cast<unsigned>(std::count(text.begin() + begin, text.begin() + close, '\n'));
        i = std::min(text.find(']', close + 1), text.size() - 1) + 1;
      } else {
        const std::size_t start = i;
        while (i < text.size() && !std::isspace(static_cast<unsigned char>(text[i])) && !std::strchr("();#", text[i])) {
          if (text[i] == '"') i = std::min(text.find('"', i + 1), text.size() - 1);  // -DX="y z"
          ++i;
        }
        if (i == start) ++i;
        command.arguments.emplace_back(text.substr(start, i - start));
        command.quoted.push_back(false);
      }
    }
    out.push_back(std::move(command));
  }
  return out;
}

}  // namespace ftaudit::project::cmake
