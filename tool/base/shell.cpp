#include "base/shell.h"

namespace ftaudit {
namespace {

constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";

}  // namespace

std::string shell_quoted(std::string_view word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    const bool needs_none = !word.empty() && word.find_first_not_of(plain) == std::string::npos;
    out += (out.empty() ? "" : " ") + (needs_none ? word : shell_quoted(word));
  }
  return out;
}

}  // namespace ftaudit
