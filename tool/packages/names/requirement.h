// A requirement as PEP 508 writes it: "name[extra] >= 1; python_version < '3.14'", or "name @ URL". Reads and
// evaluates; does not look anything up. Used by input and resolve and by whoever reads Requires-Dist.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "packages/names/tags.h"
#include "packages/names/version.h"

namespace ftaudit::packages {

// Marker variables and their values ("python_version": "3.13"), as the target interpreter would give them.
using Environment = std::map<std::string, std::string, std::less<>>;
Environment marker_environment(const Target& target);

class Marker {
 public:
  static Result<Marker> parse(std::string_view text);
  // With the extras under which the requirement is looked at; `extra == 'x'` holds when x is among them.
  bool holds(const Environment& environment, std::span<const std::string> extras = {}) const;
  const std::string& text() const { return text_; }

  struct Node;  // of the syntax tree; defined in marker.cpp

 private:
  std::string text_;
  std::shared_ptr<const Node> root_;
};

struct Requirement {
  std::string name;  // as written; compare normal_name(name)
  std::vector<std::string> extras;
  Specifiers specifiers;
  std::string url;  // "name @ URL", else ""
  std::optional<Marker> marker;

  bool holds(const Environment& environment, std::span<const std::string> wanted_extras = {}) const;
  std::string text() const;  // in normal form
};

// The error says what was expected and where.
Result<Requirement> parse_requirement(std::string_view text);

}  // namespace ftaudit::packages
