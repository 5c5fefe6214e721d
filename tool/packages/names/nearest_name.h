// The package somebody may have meant: among the names of this run and a small list of well-known ones. No index is
// asked: guessing at names there would be a search through it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::packages {

// "" when nothing is near. `known` are names as written.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

}  // namespace ftaudit::packages
