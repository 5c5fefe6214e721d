// The memory of all that this process has started, as the kernel divides it up (proportional set size: a page that four
// processes share counts a quarter in each), looked at while it runs. Used by measured_run.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace ftaudit::trial {

class MemoryWatch {
 public:
  MemoryWatch();
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;
  // Ends the watch. The largest sum seen, in bytes; 0 where the kernel does not say, or nothing lived long enough.
  std::uint64_t peak();

 private:
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> peak_{0};
  std::thread thread_;
};

// Seconds that all that this process has started, and what those have started, ran so far, and stood in the run queue.
// Of threads that have ended only the running counts: the kernel keeps no more.
struct Spent {
  double run = 0, queued = 0;
};
Spent spent_by_descendants();

}  // namespace ftaudit::trial
