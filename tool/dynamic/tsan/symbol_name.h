// SymbolName: what a symbol of an object file is called in the source, as findings spell functions: no parameters, no
// template arguments, "lambda in f" for what f's lambdas are compiled to.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::dynamic {

// "_ZN4grid7Lattice3addEl" -> "grid::Lattice::add"; "Meter_hit" and "Meter_hit.cold" -> "Meter_hit".
std::string source_name(std::string_view symbol);

// The same for what a demangler or a sanitizer printed: "grid::Lattice::add(long) const".
std::string without_parameters(std::string_view demangled);

}  // namespace ftaudit::dynamic
