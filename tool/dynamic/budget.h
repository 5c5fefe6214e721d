// Budget: how long a confirm may take, shared out among what is still to be done. What one part does not use goes to
// those after it. Used by confirmation.
#pragma once

#include <algorithm>
#include <chrono>

namespace ftaudit::dynamic {

class Budget {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Budget(std::chrono::seconds whole) : end_(Clock::now() + whole) {}

  std::chrono::milliseconds left() const {
    return std::max(std::chrono::milliseconds(0),
                    std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()));
  }
  // Puts the end off until at least `time` from now. True when that was needed.
  bool grant(std::chrono::milliseconds time) {
    if (left() >= time) return false;
    end_ = Clock::now() + time;
    return true;
  }
  bool spent() const { return left().count() == 0; }

  // The part of what is left that is due to a piece of work of `weight`, with `others` of weight still to come after
  // it.
  std::chrono::milliseconds share(unsigned weight, unsigned others) const {
    return left() * weight / (weight + others);
  }

 private:
  Clock::time_point end_;
};

}  // namespace ftaudit::dynamic
