#include "dynamic/unmasking.h"

#include <algorithm>
#include <set>

namespace ftaudit::dynamic {

std::string unmasking_suppressions(const std::vector<RacingPair>& found,
                                   const std::vector<std::string>& still_waiting) {
  const auto waits = [&](const std::string& function) {
    return std::find(still_waiting.begin(), still_waiting.end(), function) != still_waiting.end();
  };
  std::set<std::string> hidden;
  for (const auto& [a, b] : found) {
    // One side is enough: a suppression holds for a race when it matches either stack.
    const std::string& side = waits(a) ? b : a;
    // TSan's own pattern signs; a name that has them, or that is not known, cannot be told apart from others.
    if (side.empty() || waits(side) || side.find_first_of("*^$\n") != std::string::npos) continue;
    hidden.insert("race_top:^" + side + "$");
  }
  std::string text;
  for (const std::string& line : hidden) text += line + "\n";
  return text;
}

}  // namespace ftaudit::dynamic
