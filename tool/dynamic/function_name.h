// The name of a function as findings, coverage and sanitizer reports can all be compared by: without return type,
// parameters, template arguments and qualifiers. Used by the meeting and by whatever reads symbols.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::dynamic {

// "std::vector<int> grid::Lattice<int>::add(int) const [clone .cold]" -> "grid::Lattice::add".
std::string bare_name(std::string_view demangled);

// Whether one is the other or its last parts: "add" and "grid::Lattice::add", not "add" and "readd".
bool same_function(std::string_view a, std::string_view b);

}  // namespace ftaudit::dynamic
