// How a name is found in a table: by a list of names and patterns ("PyDict_GetItem*"), or as the name of a row. Only
// capi itself uses this.
#pragma once

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/text.h"

namespace ftaudit::capi {

inline bool listed(const std::vector<std::string_view>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view pattern) { return glob_match(pattern, name); });
}

// Rows by name; made once, at the first question. Of rows that agree in it the first counts.
template <const auto& table> auto row_named(std::string_view name) {
  using Row = typename std::remove_cvref_t<decltype(table)>::value_type;
  static const std::unordered_map<std::string_view, const Row*> rows = [] {
    std::unordered_map<std::string_view, const Row*> made;
    for (const Row& row : table) made.emplace(row.name, &row);
    return made;
  }();
  const auto it = rows.find(name);
  return it == rows.end() ? nullptr : it->second;
}

}  // namespace ftaudit::capi
