#include "dynamic/function_name.h"

namespace ftaudit::dynamic {
namespace {

constexpr std::string_view anonymous = "(anonymous namespace)";

// The operator symbol that begins behind "operator" at `at`; its brackets are no brackets.
std::size_t operator_length(std::string_view text, std::size_t at) {
  constexpr std::string_view symbols[] = {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>", "<=", ">=", "->", "<", ">"};
  for (std::string_view symbol : symbols)
    if (text.substr(at).starts_with(symbol)) return symbol.size();
  return 0;
}

std::size_t closing(std::string_view text, std::size_t open, char opens, char closes) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == opens) ++depth;
    if (text[i] == closes && --depth == 0) return i;
  }
  return text.size();
}

}  // namespace

std::string bare_name(std::string_view demangled) {
  std::string out;
  for (std::size_t i = 0; i < demangled.size(); ++i) {
    const std::string_view rest = demangled.substr(i);
    if (rest.starts_with("operator") && (out.empty() || out.back() == ':' || out.back() == ' ')) {
      const std::size_t length = operator_length(demangled, i + 8);
      if (length > 0) {
        out.append(rest.substr(0, 8 + length));
        i += 7 + length;
        continue;
      }
    }
    if (rest.starts_with(anonymous)) {
      out.append(anonymous);
      i += anonymous.size() - 1;
      continue;
    }
    const char c = demangled[i];
    if (c == '<' && i > 0) {
      i = closing(demangled, i, '<', '>');
    } else if (c == '(') {
      const std::size_t end = closing(demangled, i, '(', ')');
      // Only what lies in a function goes on behind its parameters.
      std::string_view behind = demangled.substr(std::min(end + 1, demangled.size()));
      while (behind.starts_with(" const") || behind.starts_with(" &")) behind.remove_prefix(behind.starts_with(" &") ? 2 : 6);
      if (!behind.starts_with("::")) break;
      i = demangled.size() - behind.size() - 1;
    } else if (c == '[' || (c == '.' && rest.starts_with(".cold"))) {
      break;
    } else {
      out.push_back(c);
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  // A return type stands in front of it, and the blank of "(anonymous namespace)" is none.
  std::size_t blank = out.rfind(' ');
  while (blank != std::string::npos && blank >= 10 && out.compare(blank - 10, anonymous.size(), anonymous) == 0)
    blank = blank == 0 ? std::string::npos : out.rfind(' ', blank - 1);
  if (blank != std::string::npos && out.compare(0, 8, "operator") != 0) out.erase(0, blank + 1);
  return out;
}

bool same_function(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (b.empty() || !a.ends_with(b)) return false;
  return a.size() == b.size() || a.substr(0, a.size() - b.size()).ends_with("::");
}

}  // namespace ftaudit::dynamic
