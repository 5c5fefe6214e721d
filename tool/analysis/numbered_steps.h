// Numbered steps: which element of an array a path leads to, where the text says it by a number; and names of elements.
#pragma once

#include <string>

#include "model/facts.h"

namespace ftaudit::analysis {

// "2", and neither "v7" nor an expression ("=v2 7 &"), which may be any.
inline bool is_numbered(const model::Step& index) {
  return !index.field.empty() && index.field[0] != 'v' && index.field[0] != '=';
}

// The lock that a name stands for is one of an array.
inline bool is_one_of_many(const std::string& lock) { return lock.find('[') != std::string::npos; }

}  // namespace ftaudit::analysis
