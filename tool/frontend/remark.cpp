#include "frontend/remark.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ftaudit::frontend {
namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The next place where `word` begins a word; it may go on ("protect", "protected").
std::size_t begins(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1))
    if (at == 0 || !is_letter(text[at - 1])) return at;
  return std::string_view::npos;
}

// How far apart, in characters, words still speak of one thing.
constexpr std::size_t near = 70;

constexpr std::array<std::string_view, 15> protection{
    "protect",         "guard",      "safe",         "thread-safe", "thread safe",
    "atomic",          "serial",     "exclusive",    "mutual",      "no lock",
    "no need to lock", "no locking", "without lock", "relies on",   "rely on"};
// Says when it is taken or let go, or knows of a world without it.
constexpr std::array<std::string_view, 20> otherwise{
    "not need",    "need not",     "n't need",     "without the gil", "without holding", "no gil",   "not hold",
    "n't hold",    "releas",       "unlock",       "nogil",           "no-gil",          "gil-free", "free-thread",
    "free thread", "gil-disabled", "gil disabled", "not protect",     "not safe",        "unsafe"};

}  // namespace

std::string words_of(std::string_view comment) {
  std::string out;
  bool start = true, space = false;
  for (char c : comment) {
    if (c == '\n') {
      start = space = true;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = true;
    } else if (!(start && (c == '*' || c == '/'))) {
      if (space && !out.empty()) out += ' ';
      out += c;
      start = space = false;
    }
  }
  if (out.ends_with("*/")) out.resize(out.size() - 2);
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool counts_on_gil(std::string_view words) {
  std::string text(words);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::string_view name : {std::string_view("gil"), std::string_view("global interpreter lock")})
    for (std::size_t at = begins(text, name, 0); at != std::string::npos; at = begins(text, name, at + 1)) {
      if (at + name.size() < text.size() && is_letter(text[at + name.size()])) continue;
      const std::size_t from = at > near ? at - near : 0;
      const std::string_view about = std::string_view(text).substr(from, at - from + name.size() + near);
      const auto says = [&](std::string_view word) { return begins(about, word, 0) != std::string_view::npos; };
      if (std::any_of(protection.begin(), protection.end(), says) &&
          std::none_of(otherwise.begin(), otherwise.end(),
                       [&](std::string_view word) { return about.find(word) != std::string_view::npos; }))
        return true;
    }
  return false;
}

}  // namespace ftaudit::frontend
