#include "trial/process_tree.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace ftaudit::trial {
namespace {

// A look costs a tenth of a millisecond a process: next to nothing of a core that the measured code may want.
constexpr auto between_looks = std::chrono::milliseconds(50);
constexpr std::size_t most_processes = 4096;

// What any thread of the process has started and not yet waited for.
void add_children(int process, std::vector<int>& out) {
  std::error_code failed;
  for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(process) + "/task", failed)) {
    const auto text = read_file(thread.path() / "children", 1 << 16);
    if (!text) continue;
    for (const std::string& word : split(*text, ' ')) {
      int child = 0;
      if (std::from_chars(word.data(), word.data() + word.size(), child).ec == std::errc()) out.push_back(child);
    }
  }
}

// "Pss:      1234 kB"
std::uint64_t proportional_size(const fs::path& process) {
  const auto text = read_file(process / "smaps_rollup", 1 << 16);
  if (!text) return 0;
  const std::size_t at = text->find("\nPss:");
  std::size_t digit = at == std::string::npos ? text->size() : text->find_first_of("0123456789", at);
  std::uint64_t kilobytes = 0;
  if (digit < text->size()) std::from_chars(text->data() + digit, text->data() + text->size(), kilobytes);
  return kilobytes << 10;
}

// Their folders in /proc.
std::vector<fs::path> descendants() {
  std::vector<int> tree;
  add_children(::getpid(), tree);
  std::vector<fs::path> out;
  for (std::size_t i = 0; i < tree.size() && i < most_processes; ++i) {
    out.push_back(fs::path("/proc") / std::to_string(tree[i]));
    add_children(tree[i], tree);
  }
  return out;
}

std::uint64_t size_of_descendants() {
  std::uint64_t sum = 0;
  for (const fs::path& process : descendants()) sum += proportional_size(process);
  return sum;
}

// "PID (NAME) S PPID ...": utime, stime, and those of children that were waited for, the fields 14 to 17 (proc(5)).
double processor_time(const fs::path& process) {
  const auto text = read_file(process / "stat", 1 << 16);
  if (!text) return 0;
  const std::size_t behind_name = text->rfind(')');
  if (behind_name == std::string::npos) return 0;
  const std::vector<std::string> fields = split(trim(std::string_view(*text).substr(behind_name + 1)), ' ');
  double ticks = 0;
  for (std::size_t i = 11; i < std::min<std::size_t>(15, fields.size()); ++i) {
    long long one = 0;
    std::from_chars(fields[i].data(), fields[i].data() + fields[i].size(), one);
    ticks += static_cast<double>(one);
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double queued_time(const fs::path& process) {
  double sum = 0;
  std::error_code failed;
  for (const auto& thread : fs::directory_iterator(process / "task", failed)) {
    const auto text = read_file(thread.path() / "schedstat", 1 << 12);
    if (!text) continue;
    const std::vector<std::string> fields = split(trim(*text), ' ');
    long long nanoseconds = 0;
    if (fields.size() > 1) std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), nanoseconds);
    sum += static_cast<double>(nanoseconds) / 1e9;
  }
  return sum;
}

}  // namespace

Spent spent_by_descendants() {
  Spent out;
  for (const fs::path& process : descendants()) out.run += processor_time(process), out.queued += queued_time(process);
  return out;
}

MemoryWatch::MemoryWatch() {
  thread_ = std::thread([this] {
    while (!over_) {
      if (const std::uint64_t now = size_of_descendants(); now > peak_) peak_ = now;
      std::this_thread::sleep_for(between_looks);
    }
  });
}

MemoryWatch::~MemoryWatch() { peak(); }

std::uint64_t MemoryWatch::peak() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
  return peak_;
}

}  // namespace ftaudit::trial
