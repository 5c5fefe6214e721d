#pragma once
namespace tally {
inline long counted() {
  static long calls = 0;
  return ++calls;
}
}  // namespace tally
