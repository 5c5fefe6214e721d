// The sides of a finding in words: who takes part, with what it does to what, and what it holds.
#pragma once

#include <string>
#include <vector>

#include "finding/finding.h"

namespace ftaudit::reports {

// "bag_push updates Bag.count and reads Bag.room, holding another object's lock".
std::string in_words(const Side& side);

// "7 functions take part", with what they hold if it is the same for all.
std::string sides_title(const Finding& finding);

// Those that the trace does not show already; empty where the trace says it all.
std::vector<const Side*> sides_beyond_trace(const Finding& finding);

// "a, b and 3 more".
std::string first_names(const std::vector<std::string>& names, std::size_t most);

}  // namespace ftaudit::reports
