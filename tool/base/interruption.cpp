#include "base/interruption.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

namespace ftaudit {
namespace {

std::mutex& guard() {
  static std::mutex mutex;
  return mutex;
}
std::set<std::filesystem::path>& folders() {
  static std::set<std::filesystem::path> all;
  return all;
}

std::atomic<bool> ending = false;
std::atomic<bool> only_asks = false, asked = false;
std::atomic<int> last_signal = SIGINT;

[[noreturn]] void end(int signal, bool told_already) {
  ending = true;
  {
    const std::lock_guard lock(guard());
    // A child may be unpacking into it just now, and what it adds meanwhile keeps the folder from going.
    for (const std::filesystem::path& folder : folders())
      for (int tries = 0; tries < 100; ++tries) {
        std::error_code failed;
        std::filesystem::remove_all(folder, failed);
        if (!failed) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
  }
  constexpr char text[] = "\r\033[Kftaudit: interrupted\n";
  const bool terminal = ::isatty(2) == 1;
  if (!told_already) [[maybe_unused]]
    const ssize_t told = ::write(2, text + (terminal ? 0 : 4), sizeof text - 1 - (terminal ? 0 : 4));
  ::_exit(signal == SIGINT ? 130 : 128 + signal);
}

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void watch_interruptions() {
  // Who stops reading us must not end us with folders left behind: the write fails instead.
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A thread may do what a signal handler may not: remove folders.
  std::thread([set] {
    int signal = 0;
    if (::sigwait(&set, &signal) != 0) return;
    if (only_asks) {
      last_signal = signal;
      asked = true;
      constexpr char text[] = "\r\033[Kftaudit: interrupted; writing what there is (once more to end at once)\n";
      const bool terminal = ::isatty(2) == 1;
      [[maybe_unused]] const ssize_t told = ::write(2, text + (terminal ? 0 : 4), sizeof text - 1 - (terminal ? 0 : 4));
      if (::sigwait(&set, &signal) != 0) return;
    }
    end(signal, false);
  }).detach();
}

void stand_still_if_interrupted() {
  while (ending) ::pause();
}

const std::atomic<bool>& finish_when_interrupted() {
  only_asks = true;
  return asked;
}

bool asked_to_finish() { return asked; }

void end_interrupted() { end(last_signal, true); }

void restore_signals() {
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void remember_scratch(const std::filesystem::path& folder) {
  const std::lock_guard lock(guard());
  folders().insert(folder);
}
void forget_scratch(const std::filesystem::path& folder) {
  const std::lock_guard lock(guard());
  folders().erase(folder);
}

}  // namespace ftaudit
