#include "dynamic/watch/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/watch/keeper.h"
#include "dynamic/watch/owner_table.h"
#include "dynamic/watch/python_stacks.h"
#include "dynamic/watch/stacks.h"

extern char** environ;

namespace ftaudit::dynamic {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t tail_bytes = 64 * 1024;
constexpr milliseconds between_looks{1000}, between_weighings{250}, grace{2000};
constexpr int looks_that_prove =
    3;  // a circle of waiting that is in so many looks in a row is no glimpse of something passing
constexpr int looks_that_worry = 5;

std::vector<std::string> merged_environment(const std::vector<std::string>& changes) {
  std::map<std::string, std::string, std::less<>> all;
  const auto put = [&](std::string_view entry) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) all.erase(std::string(entry));
    else all[std::string(entry.substr(0, equals))] = entry;
  };
  for (char** entry = environ; *entry != nullptr; ++entry) put(*entry);
  for (const std::string& entry : changes) put(entry);
  std::vector<std::string> out;
  for (auto& [name, entry] : all) out.push_back(std::move(entry));
  return out;
}

// One stream of the child: its head goes to a file, its end is kept, the middle is counted.
class Stream {
 public:
  Stream(const fs::path& folder, const char* name, std::uint64_t limit) : limit_(limit) {
    if (!folder.empty()) file_.open(folder / name, std::ios::binary);
  }

  // Reads what is there; false at the end of the stream.
  bool drain(int from, bool& got) {
    char buffer[1 << 16];
    for (int round = 0; round < 64; ++round) {
      const ssize_t n = ::read(from, buffer, sizeof buffer);
      if (n == 0) return false;
      if (n < 0) return errno == EAGAIN || errno == EINTR;
      got = true;
      take({buffer, static_cast<std::size_t>(n)});
    }
    return true;
  }

  std::string tail() const { return tail_.size() <= tail_bytes ? tail_ : tail_.substr(tail_.size() - tail_bytes); }
  std::uint64_t dropped() const { return dropped_; }

 private:
  void take(std::string_view bytes) {
    const std::size_t fits = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), limit_ - written_));
    if (file_.is_open()) file_.write(bytes.data(), static_cast<std::streamsize>(fits)).flush();
    written_ += fits;
    dropped_ += bytes.size() - fits;
    tail_.append(bytes);
    if (tail_.size() > 4 * tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
  }

  std::uint64_t limit_, written_ = 0, dropped_ = 0;
  std::ofstream file_;
  std::string tail_;
};

std::string first_line_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(4096, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return std::string(
      trim(std::string_view(text).substr(0, std::min(text.find('\n'), text.find('\0')))));  // the driver pads it
}

std::uint64_t content_of(const fs::path& file) {
  std::error_code missing;
  if (file.empty() || !fs::exists(file, missing)) return 0;
  std::ifstream in(file, std::ios::binary);
  std::string text(64 * 1024, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return std::hash<std::string>{}(text) ^ fs::file_size(file, missing);
}

class Watch {
 public:
  Watch(const ChildRequest& request, Keeper keeper)
      : request_(request),
        keeper_(std::move(keeper)),
        out_(request.log_folder, "stdout.txt", request.output_bytes),
        err_(request.log_folder, "stderr.txt", request.output_bytes) {}

  Ending run() {
    while (!decided_) {
      read_streams(100);
      const auto now = Clock::now();
      if (const auto status = keeper_.ended()) by_itself(*status);
      else if (request_.stop != nullptr && *request_.stop) end_it(Ending::Kind::interrupted);
      else if (now >= next_weighing_) weigh(now);
      else if (now >= next_look_) look(now);
    }
    if (keeper_.ended()) ending_.left_behind = static_cast<std::uint32_t>(descendants(keeper_.pid()).size());
    keeper_.kill_all();
    // Nobody holds the other ends any more.
    for (const auto until = Clock::now() + grace; (out_open_ || err_open_) && Clock::now() < until;) read_streams(50);
    ending_.out_tail = out_.tail(), ending_.err_tail = err_.tail();
    ending_.dropped_output = out_.dropped() + err_.dropped();
    ending_.lasted =
        std::chrono::duration_cast<milliseconds>((ended_ == Clock::time_point{} ? Clock::now() : ended_) - began_);
    if (!request_.progress_file.empty()) ending_.step = first_line_of(request_.progress_file);
    return std::move(ending_);
  }

 private:
  bool read_streams(int wait_ms) {
    pollfd ends[2]{{out_open_ ? keeper_.out() : -1, POLLIN, 0}, {err_open_ ? keeper_.err() : -1, POLLIN, 0}};
    ::poll(ends, 2, wait_ms);
    bool got = false;
    if (ends[0].revents != 0) out_open_ = out_.drain(keeper_.out(), got);
    if (ends[1].revents != 0) err_open_ = err_.drain(keeper_.err(), got);
    if (!out_open_ && !err_open_ && wait_ms > 0 && !decided_) ::usleep(20000);
    if (got) heard_ = Clock::now();
    return got;
  }

  void by_itself(int status) {
    decided_ = true, ended_ = Clock::now();
    if (WIFSIGNALED(status)) ending_.kind = Ending::Kind::crashed, ending_.signal = WTERMSIG(status);
    else ending_.kind = Ending::Kind::exited, ending_.exit_code = WEXITSTATUS(status);
  }

  void weigh(Clock::time_point now) {
    next_weighing_ = now + between_weighings;
    std::uint64_t all = 0, ticks = 0;
    for (const Process& process : descendants(keeper_.pid())) all += process.resident, ticks += process.ticks;
    ending_.peak_memory = std::max(ending_.peak_memory, all);
    if (request_.memory_bytes != 0 && all > request_.memory_bytes) return end_it(Ending::Kind::out_of_memory);
    const bool over = request_.timeout.count() != 0 && now - began_ >= request_.timeout;
    if (!request_.progress_file.empty())
      if (const std::uint64_t content = content_of(request_.progress_file); content != progress_)
        progress_ = content, heard_ = now;
    if (heard_ != heard_before_) heard_before_ = heard_, ticks_then_ = ticks;
    const bool silent = request_.silence.count() != 0 && now - heard_ >= request_.silence && !is_starved(now, ticks);
    // What only ran out of its time may have been at work till then.
    if (silent) ending_.silent = std::chrono::duration_cast<milliseconds>(now - heard_);
    if (over || silent) judge(silent || (request_.silence.count() == 0 && now - heard_ >= request_.timeout / 4));
  }

  // On a busy machine a program that computes gets little done in much time: it is silent for as long as it has used
  // the processor, if it uses it at all; five times the silence is the end of that.
  bool is_starved(Clock::time_point now, std::uint64_t ticks) const {
    static const long a_second = ::sysconf(_SC_CLK_TCK);
    const milliseconds used(ticks > ticks_then_ ? (ticks - ticks_then_) * 1000 / static_cast<std::uint64_t>(a_second)
                                                : 0);
    const auto silence = std::chrono::duration_cast<milliseconds>(now - heard_);
    return used * 20 > silence && used < request_.silence && silence < request_.silence * 5;
  }

  std::vector<Standstill> looks_now() {
    std::vector<Standstill> looks;
    for (const Process& process : descendants(keeper_.pid())) {
      looks.push_back(look_at(process.pid));
      add_owners(looks.back());
    }
    return looks;
  }

  // What the annotations know of PyMutexes and critical sections.
  void add_owners(Standstill& look) {
    if (request_.owner_tables.empty()) return;
    const auto table = read_owner_table(owner_table_of(request_.owner_tables, look.process));
    if (!table.ok()) return;
    for (const LockState& lock : *table)
      for (const std::uint32_t waiter : lock.waiters)
        for (ThreadState& thread : look.threads)
          if (thread.tid == static_cast<pid_t>(waiter) && thread.parked() && !thread.waits_for)
            thread.waits_for = AwaitedLock{
                lock.kind == LockState::Kind::mutex ? AwaitedLock::Kind::py_mutex : AwaitedLock::Kind::critical_section,
                lock.address, static_cast<pid_t>(lock.owner)};
  }

  static bool has_circle(const std::vector<Standstill>& looks) {
    return std::any_of(looks.begin(), looks.end(), [](const Standstill& look) { return !look.circle.empty(); });
  }

  // A circle of waiting does not get better with time: no need to wait for the silence to be long.
  void look(Clock::time_point now) {
    next_look_ = now + between_looks;
    std::vector<Standstill> looks = looks_now();
    put_beside(looks);
    in_circle_ = has_circle(looks) ? in_circle_ + 1 : 0;
    same_waiting_ = waits_as_before(looks) ? same_waiting_ + 1 : 0;
    looks_ = std::move(looks);
    if (in_circle_ + 1 >= looks_that_prove) return end_stuck(Ending::Kind::deadlock);
    // A mutex whose owner does not come back: what the owner waits for, only its stack can tell. Asked once in a while,
    // for it holds the program up.
    if (!request_.debugger || same_waiting_ == 0 || same_waiting_ % looks_that_worry != 0) return;
    for (Standstill& still : looks_) {
      if (!add_native_stacks(still)) continue;
      still.circle = circle_of_waiting(still.threads);
      if (!still.circle.empty()) return end_stuck(Ending::Kind::deadlock);
    }
  }

  // Some thread still waits for the same pthread mutex of the same owner, and hardly any processor time went by.
  bool waits_as_before(const std::vector<Standstill>& looks) const {
    bool waits = false;
    for (const Standstill& now : looks) {
      if (now.burns) return false;
      for (const Standstill& before : looks_)
        for (const ThreadState& old : before.threads)
          for (const ThreadState& thread : now.threads)
            waits |= thread.tid == old.tid && thread.waits_for && old.waits_for &&
                     thread.waits_for->owner == old.waits_for->owner &&
                     thread.waits_for->address == old.waits_for->address;
    }
    return waits;
  }

  void put_beside(std::vector<Standstill>& looks) const {
    for (Standstill& look : looks)
      for (const Standstill& before : looks_)
        if (before.process == look.process) compare(before, look);
  }

  // It is over time, or silent for too long: which of the ways to hang is it?
  void judge(bool silent) {
    std::vector<Standstill> looks = looks_ = looks_now();
    for (const auto until = Clock::now() + between_looks; Clock::now() < until;) {
      read_streams(100);
      if (const auto status = keeper_.ended()) return by_itself(*status);
    }
    looks = looks_now();
    put_beside(looks);
    looks_ = std::move(looks);
    const bool burns = std::any_of(looks_.begin(), looks_.end(), [](const Standstill& l) { return l.burns; });
    const bool parked = std::any_of(looks_.begin(), looks_.end(), [](const Standstill& l) { return l.all_parked; });
    if (has_circle(looks_)) return end_stuck(Ending::Kind::deadlock);
    if (parked && !burns && silent) return end_stuck(Ending::Kind::deadlock);
    end_stuck(burns && silent ? Ending::Kind::livelock : Ending::Kind::timed_out);
  }

  void end_stuck(Ending::Kind kind) {
    const auto rank = [](const Standstill& l) { return !l.circle.empty() ? 0 : l.all_parked ? 1 : l.burns ? 2 : 3; };
    std::stable_sort(looks_.begin(), looks_.end(),
                     [&](const Standstill& a, const Standstill& b) { return rank(a) < rank(b); });
    for (Standstill& look : looks_)
      if (rank(look) == rank(looks_.front())) add_python_stacks(look);
    if (request_.debugger)
      for (Standstill& look : looks_)
        if (rank(look) == rank(looks_.front()) && (&look - looks_.data()) < 4 && add_native_stacks(look) &&
            look.circle.empty())
          if (look.circle = circle_of_waiting(look.threads); !look.circle.empty() && is_still_in_circle(look.process))
            kind = Ending::Kind::deadlock;
    ending_.standstills = std::move(looks_);
    ended_ = Clock::now();
    end_it(kind);
  }

  // Once is no proof: a collection lasts a moment, and others wait meanwhile.
  bool is_still_in_circle(pid_t process) {
    Standstill again = look_at(process);
    add_owners(again);
    return add_native_stacks(again) && !circle_of_waiting(again.threads).empty();
  }

  void end_it(Ending::Kind kind) {
    ending_.kind = kind;
    decided_ = true;
    if (ended_ == Clock::time_point{}) ended_ = Clock::now();
    ::kill(-keeper_.program(), SIGTERM);
    for (const auto until = Clock::now() + grace; Clock::now() < until && !keeper_.ended();) read_streams(50);
  }

  const ChildRequest& request_;
  Keeper keeper_;
  Stream out_, err_;
  Ending ending_;
  std::vector<Standstill> looks_;
  bool decided_ = false, out_open_ = true, err_open_ = true;
  int in_circle_ = 0, same_waiting_ = 0;
  std::uint64_t progress_ = 0, ticks_then_ = 0;
  Clock::time_point began_ = Clock::now(), heard_ = began_, heard_before_{}, ended_{};
  Clock::time_point next_look_ = began_ + between_looks, next_weighing_ = began_ + between_weighings;
};

Ending not_started(std::string reason) {
  Ending ending;
  ending.kind = Ending::Kind::could_not_start;
  ending.err_tail = std::move(reason);
  return ending;
}

}  // namespace

std::uint64_t half_the_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGE_SIZE);
  return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) / 2 : 0;
}

std::string_view name_of(Ending::Kind kind) {
  switch (kind) {
    case Ending::Kind::exited: return "exited";
    case Ending::Kind::crashed: return "crashed";
    case Ending::Kind::deadlock: return "deadlock";
    case Ending::Kind::livelock: return "livelock";
    case Ending::Kind::timed_out: return "timed-out";
    case Ending::Kind::out_of_memory: return "out-of-memory";
    case Ending::Kind::could_not_start: return "could-not-start";
    case Ending::Kind::interrupted: return "interrupted";
  }
  return "exited";
}

std::string Ending::describe() const {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s", static_cast<double>(lasted.count()) / 1000);
  const std::string after = std::string(" after ") + seconds;
  switch (kind) {
    case Kind::exited: return "exit code " + std::to_string(exit_code);
    case Kind::crashed: return "killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
    case Kind::deadlock: {
      if (standstills.empty()) return "deadlock" + after;
      const Standstill& guilty = standstills.front();
      const std::size_t threads = guilty.circle.empty() ? guilty.threads.size() : guilty.circle.size();
      return "deadlock of " + counted(threads, "thread") + after;
    }
    case Kind::livelock: return "no output and no progress, at full processor load," + after;
    case Kind::timed_out:
      if (silent.count() != 0) return "timed out: silent for " + std::to_string(silent.count() / 1000) + " s";
      return "timed out" + after;
    case Kind::out_of_memory:
      return "used more memory than it may (" + std::to_string(peak_memory >> 20) + " MiB)" + after;
    case Kind::could_not_start: return err_tail;
    case Kind::interrupted: return "interrupted" + after;
  }
  return "exit code " + std::to_string(exit_code);
}

Result<Ending> watch(const ChildRequest& request) {
  const fs::path program = find_program(request.argv.at(0));
  if (program.empty()) return not_started(request.argv[0] + ": no such program");
  KeptProgram kept{.argv = request.argv,
                   .environment = merged_environment(request.environment),
                   .folder = request.folder,
                   .fixed_addresses = request.fixed_addresses};
  std::error_code ignored;
  kept.argv[0] = fs::absolute(program, ignored).string();
  Result<Keeper> keeper = Keeper::start(kept);
  if (!keeper.ok()) {
    if (keeper.message().starts_with("cannot make a pipe")) return keeper.error();
    return not_started(keeper.message());
  }
  return Watch(request, std::move(*keeper)).run();
}

}  // namespace ftaudit::dynamic
