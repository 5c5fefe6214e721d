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
  if (const auto set = now_.find(place); set != now_.end()) return agrees(set->second, value);
  if (changed_.contains(place)) return true;
  const auto [known, is_new] = found_.try_emplace(place, value);
  return is_new || agrees(known->second, value);
}

bool Entry::meet(const Entry& other) {
  const std::size_t changed = changed_.size();
  changed_.insert(other.changed_.begin(), other.changed_.end());
  bool less = intersect(found_, other.found_);
  less |= intersect(now_, other.now_);
  return less || changed_.size() != changed;
}

std::map<std::string, Known> Entry::now() const {
  std::map<std::string, Known> out = now_;
  for (const auto& [place, value] : found_)
    if (!changed_.contains(place)) out.emplace(place, value);
  return out;
}

}  // namespace ftaudit::analysis
