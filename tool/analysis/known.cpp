#include "analysis/known.h"

namespace ftaudit::analysis {

std::optional<Known> either(const Known& a, const Known& b) {
  if (a == b) return a;
  for (const std::int64_t number : {a.equal ? 0 : a.number, b.equal ? 0 : b.number})
    if (!a.can_be(number) && !b.can_be(number)) return Known{false, number};
  return std::nullopt;
}

bool agrees(Known& known, const Known& answer) {
  if (known.equal) return answer.can_be(known.number);
  if (!answer.equal) return true;  // not this and not that: the first is kept
  if (!known.can_be(answer.number)) return false;
  known = answer;
  return true;
}

bool Entry::learn(const std::string& place, const Known& value) {
  if (changed_.contains(place)) return true;
  const auto [known, is_new] = found_.try_emplace(place, value);
  return is_new || agrees(known->second, value);
}

bool Entry::meet(const Entry& other) {
  const std::size_t changed = changed_.size();
  changed_.insert(other.changed_.begin(), other.changed_.end());
  const bool less = intersect(found_, other.found_);
  return less || changed_.size() != changed;
}

}  // namespace ftaudit::analysis
