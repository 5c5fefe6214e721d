#include "cython/c_names.h"

#include <cctype>
#include <charconv>

namespace ftaudit::cython {
namespace {

struct Prefix {
  std::string_view text;
  Kind kind;
};
// The longer of two that agree comes first.
constexpr Prefix prefixes[] = {
    {"__pyx_lambda_funcdef_", Kind::body}, {"__pyx_pw_", Kind::wrapper},     {"__pyx_pf_", Kind::body},
    {"__pyx_gb_", Kind::generator},        {"__pyx_fuse_", Kind::other},     {"__pyx_f_", Kind::body},
    {"__pyx_v_", Kind::variable},          {"__pyx_obj_", Kind::record},     {"__pyx_vtabstruct_", Kind::record},
    {"__pyx_opt_args_", Kind::record},     {"__pyx_defaults", Kind::record}, {"__pyx_t_", Kind::record},
    {"__pyx_ctuple_", Kind::record},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "4Name_rest": the part and what follows it; false where the text is no counted part.
bool counted_part(std::string_view text, std::string& part, std::string_view& rest) {
  std::size_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failed != std::errc() || length == 0) return false;
  const std::size_t start = static_cast<std::size_t>(end - text.data());
  if (length > text.size() || start + length + 1 >= text.size() || text[start + length] != '_') return false;
  if (is_digit(text[start])) return false;
  part = text.substr(start, length), rest = text.substr(start + length + 1);
  return true;
}

// `__pyx_fuse_0total` -> `total`, `__pyx_fuse_0_1total` -> `total`.
std::string_view unfused(std::string_view name) {
  while (name.starts_with("__pyx_fuse_")) {
    name.remove_prefix(11);
    while (!name.empty() && (is_digit(name.front()) || (name.front() == '_' && name.size() > 1 && is_digit(name[1]))))
      name.remove_prefix(1);
  }
  return name;
}

// "3get_it" is get_it, the third function of its scope, and no `it` within `get`: special methods are nobody's scope,
// and a wrapper has a number always, because the body that it calls was counted before it.
bool is_counter(Kind kind, std::string_view part, std::string_view rest) {
  if (kind != Kind::body && kind != Kind::wrapper && kind != Kind::generator) return false;
  if (part.starts_with("__") && rest.ends_with("_") && (rest == "_" || rest.ends_with("__"))) return true;
  return kind == Kind::wrapper && !is_digit(rest.front());
}

}  // namespace

std::string CName::dotted() const {
  std::string out;
  for (const std::string& scope : scopes) out += scope + ".";
  return out + last;
}

CName taken_apart(std::string_view c_name) {
  CName out;
  // A method for one of the types is "__pyx_fuse_0__pyx_pw_4Name_...".
  if (const std::string_view whole = unfused(c_name); whole.starts_with("__pyx_")) c_name = whole;
  if (!c_name.starts_with("__pyx_") && !c_name.starts_with("__Pyx")) {
    out.last = c_name;
    return out;
  }
  out.kind = Kind::support;
  std::string_view rest;
  for (const Prefix& prefix : prefixes)
    if (c_name.starts_with(prefix.text)) {
      out.kind = prefix.kind, rest = c_name.substr(prefix.text.size());
      break;
    }
  // A temporary is __pyx_t_1; a type that the author defined is __pyx_t_5pkg_a_point.
  if (c_name.starts_with("__pyx_t_") && rest.find_first_not_of("0123456789") == std::string_view::npos)
    out.kind = Kind::support;
  if (out.kind == Kind::support) {
    out.last = c_name;
    return out;
  }
  // What a method for one of the types is called in a table.
  if (c_name.starts_with("__pyx_fuse_")) {
    out.last = unfused(c_name);
    return out;
  }
  // Inner functions stand as "5outer_inner", classes of closures as "___pyx_scope_struct__outer".
  std::string part;
  for (std::string_view more; counted_part(rest, part, more) && !is_counter(out.kind, part, more); rest = more)
    out.scopes.emplace_back(unfused(part));
  const bool function = out.kind == Kind::body || out.kind == Kind::wrapper || out.kind == Kind::generator;
  if (function) {
    const std::size_t name = rest.find_first_not_of("0123456789");
    if (name != std::string_view::npos) rest.remove_prefix(name);
  }
  out.last = unfused(rest);
  return out;
}

std::string without_module(std::string_view dotted, std::string_view module) {
  if (!module.empty() && dotted.size() > module.size() && dotted.starts_with(module) && dotted[module.size()] == '.')
    dotted.remove_prefix(module.size() + 1);
  return std::string(dotted);
}

}  // namespace ftaudit::cython
