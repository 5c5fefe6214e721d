#include "trial/processors.h"

#include <sched.h>

#include <algorithm>
#include <charconv>

#include "base/files.h"
#include "base/text.h"

namespace ftaudit::trial {
namespace {

// "200000 100000": two processors' worth; "max 100000": no quota. 0 where there is none or nobody says.
unsigned quota() {
  const auto groups = read_file("/proc/self/cgroup", 1 << 16);
  if (!groups) return 0;
  for (const std::string& line : split(*groups, '\n')) {
    if (!line.starts_with("0::")) continue;
    const auto text = read_file("/sys/fs/cgroup" + line.substr(3) + "/cpu.max", 1 << 10);
    if (!text) return 0;
    const std::vector<std::string> words = split(trim(*text), ' ');
    unsigned long long time = 0, period = 0;
    if (words.size() != 2 ||
        std::from_chars(words[0].data(), words[0].data() + words[0].size(), time).ec != std::errc() ||
        std::from_chars(words[1].data(), words[1].data() + words[1].size(), period).ec != std::errc() || period == 0)
      return 0;
    return static_cast<unsigned>(std::max(1ULL, time / period));
  }
  return 0;
}

}  // namespace

unsigned processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  unsigned count =
      ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? static_cast<unsigned>(CPU_COUNT(&allowed)) : 1;
  if (const unsigned limit = quota(); limit != 0) count = std::min(count, limit);
  return std::max(1u, count);
}

}  // namespace ftaudit::trial
