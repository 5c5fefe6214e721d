// Nesting: how deep a text in TOML or JSON would make its parser recurse, found without recursion. Strangers' files are
// asked about before a parser sees them. Used by everything that reads either.
#pragma once

#include <string_view>

#include "base/result.h"

namespace ftaudit {

constexpr int deepest_nesting = 64;

// Errors begin with the line, "12: ...": brackets, or dots of a key, deeper than that.
Status check_toml_nesting(std::string_view text);
Status check_json_nesting(std::string_view text);

}  // namespace ftaudit
