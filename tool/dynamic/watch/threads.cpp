#include "dynamic/watch/threads.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>

#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

// A small file of /proc, whole. Reads may fail at any time: the process is not ours to hold still.
std::string proc_text(const std::string& path, std::size_t most = 16384) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text(most, '\0');
  const ssize_t n = ::read(file, text.data(), most);
  ::close(file);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

template <class Each> void each_number_in(const std::string& folder, Each each) {
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) return;
  while (const dirent* entry = ::readdir(dir)) {
    pid_t number = 0;
    const char* end = entry->d_name + std::char_traits<char>::length(entry->d_name);
    if (std::from_chars(entry->d_name, end, number).ptr == end && number > 0) each(number);
  }
  ::closedir(dir);
}

// "123 (na) me) S 1 ..." split behind the name, which may hold anything.
struct Stat {
  std::string name;
  std::vector<std::string> fields;  // from the state on: field 3 of proc(5) is [0]
};
std::optional<Stat> stat_in(const std::string& text) {
  const std::size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open || close + 2 >= text.size())
    return std::nullopt;
  Stat stat{text.substr(open + 1, close - open - 1), split(trim(std::string_view(text).substr(close + 2)), ' ')};
  if (stat.fields.size() < 22 || stat.fields[0].empty()) return std::nullopt;
  return stat;
}

std::uint64_t number_in(std::string_view text, int base = 10) {
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// "202 0x7f.. 0x189 0x0 0x0 0x0 0x7f.. 0x7f..": number, arguments, stack and program counter.
void read_syscall(const std::string& text, ThreadState& thread) {
  const std::vector<std::string> words = split(trim(text), ' ');
  if (words.size() < 7) return;
  thread.syscall = static_cast<long>(number_in(words[0]));
  if (thread.syscall != SYS_futex) return;
  thread.futex = number_in(words[1], 16);
  thread.timed = number_in(words[4], 16) != 0;
}

// The sanitizer's own thread sleeps in the bare system call, which neither glibc nor CPython use.
bool of_the_runtime(const ThreadState& thread) { return thread.syscall == SYS_nanosleep; }

std::string hexadecimal(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

std::string_view name_of(AwaitedLock::Kind kind) {
  switch (kind) {
    case AwaitedLock::Kind::pthread_mutex: return "pthread mutex";
    case AwaitedLock::Kind::py_mutex: return "PyMutex";
    case AwaitedLock::Kind::critical_section: return "critical section";
    case AwaitedLock::Kind::stop_the_world: return "stop of all threads";
    case AwaitedLock::Kind::other: break;
  }
  return "lock";
}

std::vector<Process> descendants(pid_t root) {
  std::multimap<pid_t, Process> by_parent;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  each_number_in("/proc", [&](pid_t pid) {
    const auto stat = stat_in(proc_text("/proc/" + std::to_string(pid) + "/stat"));
    if (!stat) return;
    Process process{.pid = pid, .parent = static_cast<pid_t>(number_in(stat->fields[1])), .state = stat->fields[0][0]};
    process.resident = number_in(stat->fields[21]) * page;
    process.ticks = number_in(stat->fields[11]) + number_in(stat->fields[12]);
    by_parent.emplace(process.parent, process);
  });
  std::vector<Process> out;
  std::set<pid_t> seen{root};
  std::vector<pid_t> open{root};
  while (!open.empty()) {
    const pid_t parent = open.back();
    open.pop_back();
    for (auto [it, end] = by_parent.equal_range(parent); it != end; ++it) {
      if (!seen.insert(it->second.pid).second) continue;
      open.push_back(it->second.pid);
      if (it->second.state != 'Z' && it->second.state != 'X') out.push_back(it->second);
    }
  }
  std::sort(out.begin(), out.end(), [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return out;
}

std::vector<ThreadState> threads_of(pid_t process) {
  std::vector<ThreadState> out;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task/";
  each_number_in(tasks, [&](pid_t tid) {
    const std::string folder = tasks + std::to_string(tid);
    const auto stat = stat_in(proc_text(folder + "/stat"));
    if (!stat) return;
    ThreadState thread{.tid = tid, .name = stat->name, .state = stat->fields[0][0]};
    thread.ticks = number_in(stat->fields[11]) + number_in(stat->fields[12]);
    read_syscall(proc_text(folder + "/syscall", 512), thread);
    if (!of_the_runtime(thread)) out.push_back(std::move(thread));
  });
  std::sort(out.begin(), out.end(), [](const ThreadState& a, const ThreadState& b) { return a.tid < b.tid; });
  return out;
}

std::optional<AwaitedLock> pthread_mutex_awaited(pid_t process, const ThreadState& thread,
                                                 const std::vector<ThreadState>& all) {
  if (thread.futex == 0 || thread.futex % 4 != 0) return std::nullopt;
  const int memory = ::open(("/proc/" + std::to_string(process) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::nullopt;
  struct Words {
    std::int32_t lock, count, owner, users, kind;
  } words{};
  const ssize_t n = ::pread(memory, &words, sizeof words, static_cast<off_t>(thread.futex));
  ::close(memory);
  // A mutex somebody sleeps on reads 2, its kind is a small number; anything else is a condition, a semaphore, a
  // barrier.
  if (n != sizeof words || words.lock != 2 || words.kind < 0 || words.kind > 0x3ff) return std::nullopt;
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const ThreadState& other) { return other.tid == words.owner; });
  if (!known) return std::nullopt;
  return AwaitedLock{AwaitedLock::Kind::pthread_mutex, thread.futex, words.owner};
}

Standstill look_at(pid_t process) {
  Standstill look{.process = process, .threads = threads_of(process)};
  look.command = proc_text("/proc/" + std::to_string(process) + "/cmdline", 4096);
  std::replace(look.command.begin(), look.command.end(), '\0', ' ');
  look.command = trim(look.command);
  for (ThreadState& thread : look.threads) thread.waits_for = pthread_mutex_awaited(process, thread, look.threads);
  return look;
}

std::vector<pid_t> circle_of_waiting(const std::vector<ThreadState>& threads) {
  std::map<pid_t, const ThreadState*> by_tid;
  for (const ThreadState& thread : threads) by_tid.emplace(thread.tid, &thread);
  const auto next = [&](const ThreadState& thread) -> const ThreadState* {
    if (!thread.waits_for || thread.waits_for->owner == 0) return nullptr;
    if (!thread.parked() && thread.waits_for->kind != AwaitedLock::Kind::stop_the_world) return nullptr;
    const auto owner = by_tid.find(thread.waits_for->owner);
    if (owner == by_tid.end()) return nullptr;
    const auto& theirs = owner->second->waits_for;
    if (thread.waits_for->kind == AwaitedLock::Kind::critical_section &&
        (!theirs || theirs->kind != AwaitedLock::Kind::pthread_mutex))
      return nullptr;
    return owner->second;
  };
  for (const ThreadState& start : threads) {
    std::vector<pid_t> walked;
    const ThreadState* at = &start;
    while (at != nullptr) {
      if (const auto met = std::find(walked.begin(), walked.end(), at->tid); met != walked.end())
        return {met, walked.end()};
      walked.push_back(at->tid);
      at = next(*at);
    }
  }
  return {};
}

void compare(const Standstill& before, Standstill& now) {
  now.burns = false;
  bool same = !now.threads.empty() && now.threads.size() == before.threads.size();
  for (ThreadState& thread : now.threads) {
    const auto old = std::find_if(before.threads.begin(), before.threads.end(),
                                  [&](const ThreadState& t) { return t.tid == thread.tid; });
    const std::uint64_t was = old == before.threads.end() ? 0 : old->ticks;
    thread.burns = thread.ticks > was + 5;
    now.burns |= thread.burns;
    same &= old != before.threads.end() && thread.ticks == was && old->futex == thread.futex && thread.parked();
  }
  now.all_parked = same;
  now.circle = circle_of_waiting(now.threads);
  if (now.circle.empty() || now.circle != circle_of_waiting(before.threads)) now.circle.clear();
}

std::string Standstill::describe() const {
  const auto called = [&](pid_t tid) {
    for (const ThreadState& thread : threads)
      if (thread.tid == tid)
        return "thread " + std::to_string(tid) + (thread.name.empty() ? "" : " (" + thread.name + ")");
    return "thread " + std::to_string(tid);
  };
  std::vector<std::string> parts;
  const auto tell = [&](const ThreadState& thread) {
    std::string text = called(thread.tid) + " waits for the " + std::string(name_of(thread.waits_for->kind));
    if (thread.waits_for->address != 0) text += " at " + hexadecimal(thread.waits_for->address);
    if (thread.waits_for->owner != 0)
      text += std::string(thread.waits_for->kind == AwaitedLock::Kind::stop_the_world ? ", which needs "
                                                                                      : ", which is held by ") +
              called(thread.waits_for->owner);
    parts.push_back(std::move(text));
  };
  for (const pid_t tid : circle)
    for (const ThreadState& thread : threads)
      if (thread.tid == tid && thread.waits_for) tell(thread);
  if (circle.empty())
    for (const ThreadState& thread : threads)
      if (thread.waits_for) tell(thread);
  std::string text = join(parts, "; ");
  if (text.empty() && all_parked)
    text = threads.size() == 1 ? "its thread sleeps in a lock"
                               : "all " + counted(threads.size(), "thread") + " sleep in locks";
  if (text.empty() && burns) text = "it uses processor time";
  if (text.empty()) text = "it waits for something outside";
  return text;
}

}  // namespace ftaudit::dynamic
