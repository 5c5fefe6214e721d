// A TOML file of dependencies as its readers want it: parsed once, values with the line they stand in. Used within
// packages; only .cpp files include it.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>

#include "base/nesting.h"
#include "packages/inputs/reading.h"

namespace ftaudit::packages {

inline Result<toml::table> parse_toml(const fs::path& file) {
  auto text = read_text(file);
  if (!text.ok()) return text.error();
  if (const Status flat = check_toml_nesting(*text); !flat.ok()) return Error{file.string() + ":" + flat.message()};
  try {
    return toml::parse(*text, file.string());
  } catch (const toml::parse_error& error) {
    return Error{file.string() + ":" + std::to_string(error.source().begin.line) + ": " +
                 std::string(error.description())};
  }
}

inline int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

// "" where there is no such text.
inline std::string text_at(const toml::table& table, std::string_view key) {
  auto value = table[key].value<std::string_view>();
  return value ? std::string(*value) : std::string();
}

}  // namespace ftaudit::packages
