#include "cython/words.h"

#include <cctype>
#include <vector>

#include "cython/c_names.h"
#include "cython/special_methods.h"

namespace ftaudit::cython {
namespace {

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The pieces of `a->b.c`: words, with what stands before each of them.
struct Piece {
  std::string_view link, word;
};

constexpr std::string_view own_state = "the state of Cython's own code";

}  // namespace

// What one word of a path is called; `dropped` when it is only a way that Cython goes.
std::string Words::component(std::string_view word, bool& dropped) const {
  dropped = false;
  if (const auto known = names_.find(word); known != names_.end()) return known->second;
  if (word.starts_with("__Pyx__")) return std::string(word.substr(7));
  if (word.starts_with("__Pyx_")) return std::string(word.substr(6));
  // The variables that inner functions share go by the function that they are of.
  if (constexpr std::string_view scope = "__pyx_scope_struct_"; word.starts_with(scope)) {
    const std::size_t name = word.find_first_not_of("0123456789", scope.size());
    if (name != std::string_view::npos && name + 1 < word.size()) return std::string(word.substr(name + 1));
  }
  if (!word.starts_with("__pyx_") && !word.starts_with("__PYX_")) return std::string(word);
  const CName name = taken_apart(word);
  switch (name.kind) {
    case Kind::variable: return name.last;
    case Kind::wrapper:
    case Kind::body:
    case Kind::generator:
    case Kind::record: return name.dotted();
    case Kind::other:
      if (word.starts_with("__pyx_fuse_")) return name.last;
      break;
    default: break;
  }
  if (word == "__pyx_r") return "the result";
  if (word.starts_with("__pyx_t_") && is_number(word.substr(8))) return "the value";
  if (word.starts_with("__pyx_n_") || word.starts_with("__pyx_kp_") || word.starts_with("__pyx_int_") ||
      word.starts_with("__pyx_string_tab"))
    return "a constant";
  if (word.starts_with("__pyx_ptype_")) return taken_apart("__pyx_obj_" + std::string(word.substr(12))).last;
  dropped = true;
  return "";
}

std::string Words::chain(std::string_view text) const {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t start = at;
    while (start < text.size() && !in_word(text[start])) ++start;
    std::size_t end = start;
    while (end < text.size() && in_word(text[end])) ++end;
    pieces.push_back({text.substr(at, start - at), text.substr(start, end - start)});
    at = end;
  }
  std::string out;
  bool through_scope = false;
  for (const Piece& piece : pieces) {
    bool dropped = false;
    std::string shown = component(piece.word, dropped);
    through_scope |= dropped && out.empty();
    if (dropped || piece.word == "__pyx_base") {
      // An index into something of Cython's own.
      if (piece.link.find('[') != std::string_view::npos && !out.empty()) out += piece.link;
      continue;
    }
    if (through_scope && out.empty() && (piece.word == "func_closure" || piece.word == "closure")) continue;
    if (out.empty()) {
      out = shown;
      continue;
    }
    for (std::size_t i = 0; i < piece.link.size(); ++i) {
      if (piece.link.substr(i).starts_with("->")) out += '.', ++i;
      else out += piece.link[i];
    }
    out += shown;
  }
  return out.empty() ? std::string(own_state) : out;
}

// Said once of a row of them.
static std::string without_repeats(std::string text) {
  const std::string own(own_state), second = ", " + own, besides = " (and " + own + ")";
  for (std::size_t at = 0; (at = text.find(own + second, at)) != std::string::npos;) text.erase(at, second.size());
  if (const std::size_t at = text.find(own + besides); at != std::string::npos)
    text.erase(at + own.size(), besides.size());
  return text;
}

// "m.Bin.tp_init" -> "m.Bin.__init__"
std::string Words::method(std::string_view path) const {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || !is_type(path.substr(0, dot))) return std::string(path);
  const std::string_view written = special_method(path.substr(dot + 1));
  return written.empty() ? std::string(path) : std::string(path.substr(0, dot + 1)) + std::string(written);
}

std::string Words::operator()(std::string_view sentence) const {
  std::string out;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!in_word(sentence[at]) || (at > 0 && in_word(sentence[at - 1]))) {
      out += sentence[at++];
      continue;
    }
    // A path: words joined by -> . or [..]->
    std::size_t end = at;
    for (;;) {
      while (end < sentence.size() && in_word(sentence[end])) ++end;
      std::size_t next = end;
      while (sentence.substr(next).starts_with("[_]")) next += 3;
      while (sentence.substr(next).starts_with("[]")) next += 2;
      if (sentence.substr(next).starts_with("->")) next += 2;
      else if (next < sentence.size() && sentence[next] == '.') next += 1;
      else break;
      if (next >= sentence.size() || !in_word(sentence[next]) || is_number(sentence.substr(at, end - at))) break;
      end = next;
    }
    const std::string_view path = sentence.substr(at, end - at);
    const bool made = path.find("__pyx") != std::string_view::npos || path.find("__Pyx") != std::string_view::npos ||
                      path.find("__PYX") != std::string_view::npos || path.find("->") != std::string_view::npos;
    std::string shown = made ? chain(path) : method(path);
    // "__pyx_f_m_C_grow()" and "m.C.grow()" alike.
    out += shown;
    at = end;
  }
  return without_repeats(std::move(out));
}

}  // namespace ftaudit::cython
