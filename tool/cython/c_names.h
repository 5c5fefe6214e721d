// The names that Cython makes for C, taken apart again. `__pyx_pf_5pkg_a_1m_4Name_2get` is pkg_a.m.Name.get: a number
// before a part is its length, the last part has none, but perhaps a counter. Used within cython.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::cython {

enum class Kind : std::uint8_t {
  other,      // not made by Cython: written in C, or given a C name by the author
  wrapper,    // __pyx_pw_: takes arguments apart
  body,       // __pyx_pf_, __pyx_f_, __pyx_lambda_funcdef_: holds lines of the user
  generator,  // __pyx_gb_: the same, of a generator or coroutine
  variable,   // __pyx_v_
  record,     // __pyx_obj_, __pyx_vtabstruct_, __pyx_opt_args_, ...
  support,    // anything else of Cython's
};

struct CName {
  Kind kind = Kind::other;
  std::vector<std::string> scopes;  // "pkg_a", "m", "Name"; of a variable without a scope: none
  std::string last;                 // "get"

  std::string dotted() const;  // "pkg_a.m.Name.get"
};

CName taken_apart(std::string_view c_name);

// "pkg.m.Name.get" -> "Name.get", when `module` is "pkg.m".
std::string without_module(std::string_view dotted, std::string_view module);

}  // namespace ftaudit::cython
