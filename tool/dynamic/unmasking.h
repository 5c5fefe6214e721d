// Unmasking: suppressions for another round, so that races already found stop hiding the rest. Theirs only for that
// round: never written where users keep theirs.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ftaudit::dynamic {

// Pairs of functions that were seen racing, innermost extension frames.
using RacingPair = std::pair<std::string, std::string>;

// Lines of a TSan suppression file. A function that an open finding still waits for is never suppressed; where that
// spares both sides of a pair, the pair stays visible.
std::string unmasking_suppressions(const std::vector<RacingPair>& found, const std::vector<std::string>& still_waiting);

}  // namespace ftaudit::dynamic
