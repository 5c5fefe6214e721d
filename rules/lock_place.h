// What a finding about a lock is placed by: the lock as it is spelled there, and which one of the program it is.
#pragma once

#include <string>

#include "rules/place.h"

namespace ftaudit::rules {

inline void place_at_lock(Finding& finding, const std::string& spelled, std::string name) {
  finding.place = spelled, finding.locks = {std::move(name)};
}

}  // namespace ftaudit::rules
