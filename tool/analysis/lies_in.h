// Identities of places, which are texts: whether one is part of another. Used by the analyses of locks.
#pragma once

#include <string>

namespace ftaudit::analysis {

// "p0->items" is reached through "p0": a section on the object covers what hangs off it.
inline bool lies_in(const std::string& place, const std::string& object) {
  if (object.empty() || !place.starts_with(object)) return false;
  if (place.size() == object.size()) return true;
  const char next = place[object.size()];
  return next == '*' || next == '.' || next == '[';
}

}  // namespace ftaudit::analysis
