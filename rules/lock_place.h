// What a finding about a lock is placed by: the lock as it is spelled there, and which one of the program it is.
#pragma once

#include <string>

#include "rules/place.h"

namespace ftaudit::rules {

inline void place_at_lock(Finding& finding, const std::string& spelled, std::string name) {
  finding.place = spelled, finding.locks = {std::move(name)};
}

// What to do instead of taking it twice.
inline std::string once(const std::string& lock, const std::string& callee) {
  return "take " + lock + " once, and call a variant of " + callee + " that expects it to be held";
}

}  // namespace ftaudit::rules
