#include "dynamic/watch/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/interruption.h"
#include "dynamic/watch/threads.h"

namespace ftaudit::dynamic {
namespace {

struct Ends {
  int read = -1, write = -1;
  bool open() {
    int both[2];
    if (::pipe2(both, O_CLOEXEC) != 0) return false;
    read = both[0], write = both[1];
    return true;
  }
  ~Ends() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
};

int taken(int& end) { return std::exchange(end, -1); }

// The keeper's first words, then one for each that follows.
struct Word {
  enum Kind : int { started, failed, ended } kind;
  int value;
};

void say(int to, Word::Kind kind, int value) {
  const Word word{kind, value};
  [[maybe_unused]] const ssize_t told = ::write(to, &word, sizeof word);
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const std::string& s : strings) out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(const KeptProgram& program, char** argv, char** environment, int out, int err, int report) {
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  restore_signals();
  ::signal(SIGCHLD, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // gdb, started beside it, may look at it
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0), ::dup2(out, 1), ::dup2(err, 2);
  // ThreadSanitizer reserves more address space than any limit; its shadow makes core files useless.
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (program.fixed_addresses) ::personality(ADDR_NO_RANDOMIZE);
  if (program.folder.empty() || ::chdir(program.folder.c_str()) == 0) ::execve(argv[0], argv, environment);
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(report, &reason, sizeof reason);
  ::_exit(127);
}

// Everything that is below this process goes; orphans come to us, so a few rounds reach all of it.
void sweep() {
  for (int round = 0; round < 500; ++round) {
    for (const Process& process : descendants(::getpid())) ::kill(process.pid, SIGKILL);
    pid_t gone;
    while ((gone = ::waitpid(-1, nullptr, WNOHANG)) > 0) {}
    if (gone < 0 && errno == ECHILD) return;
    ::usleep(10000);
  }
}

[[noreturn]] void keep(const KeptProgram& program, char** argv, char** environment, int out, int err, int command,
                       int status) {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "ftaudit-keeper");
  // Pipes of other keepers must not be held open here: their end is how those learn that it is time.
  int kept[] = {command, status, out, err};
  for (int& end : kept) end = ::fcntl(end, F_DUPFD_CLOEXEC, 1000);
  for (int i = 0; i < 4; ++i) ::dup2(kept[i], 3 + i);
  ::syscall(SYS_close_range, 7U, ~0U, 0U);
  command = 3, status = 4, out = 5, err = 6;
  for (int end : {3, 4, 5, 6}) ::fcntl(end, F_SETFD, FD_CLOEXEC);

  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  sigset_t child_set;
  sigemptyset(&child_set);
  sigaddset(&child_set, SIGCHLD);
  const int children = ::signalfd(-1, &child_set, SFD_CLOEXEC | SFD_NONBLOCK);

  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) say(status, Word::failed, errno), ::_exit(1);
  const pid_t child = ::fork();
  if (child < 0) say(status, Word::failed, errno), ::_exit(1);
  if (child == 0) become(program, argv, environment, out, err, report[1]);
  ::setpgid(child, child);
  ::close(report[1]), ::close(out), ::close(err);
  int reason = 0;
  if (::read(report[0], &reason, sizeof reason) == sizeof reason) say(status, Word::failed, reason), ::_exit(1);
  ::close(report[0]);
  say(status, Word::started, child);

  for (;;) {
    pollfd ends[2]{{command, POLLIN, 0}, {children, POLLIN, 0}};
    ::poll(ends, 2, 1000);
    signalfd_siginfo info;
    while (::read(children, &info, sizeof info) == sizeof info) {}
    int wait_status = 0;
    for (pid_t gone; (gone = ::waitpid(-1, &wait_status, WNOHANG)) > 0;)
      if (gone == child) say(status, Word::ended, wait_status);
    if ((ends[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) break;
  }
  sweep();
  ::_exit(0);
}

}  // namespace

Result<Keeper> Keeper::start(const KeptProgram& program) {
  Ends out, err, command, status;
  if (!out.open() || !err.open() || !command.open() || !status.open())
    return Error{std::string("cannot make a pipe: ") + std::strerror(errno)};
  std::vector<char*> argv = pointers(program.argv), environment = pointers(program.environment);
  Keeper keeper;
  keeper.keeper_ = ::fork();
  if (keeper.keeper_ < 0) return Error{"cannot start " + program.argv[0] + ": " + std::strerror(errno)};
  if (keeper.keeper_ == 0)
    keep(program, argv.data(), environment.data(), out.write, err.write, command.read, status.write);
  keeper.out_ = taken(out.read), keeper.err_ = taken(err.read), keeper.command_ = taken(command.write),
  keeper.status_ = taken(status.read);
  for (int* end : {&out.write, &err.write, &command.read, &status.write}) ::close(taken(*end));
  for (int end : {keeper.out_, keeper.err_}) ::fcntl(end, F_SETFL, O_NONBLOCK);

  Word word{};
  ssize_t n;
  while ((n = ::read(keeper.status_, &word, sizeof word)) < 0 && errno == EINTR) {}
  if (n != sizeof word) return Error{"cannot start " + program.argv[0] + ": the process that keeps it died"};
  if (word.kind == Word::failed) return Error{"cannot start " + program.argv[0] + ": " + std::strerror(word.value)};
  keeper.program_ = word.value;
  ::fcntl(keeper.status_, F_SETFL, O_NONBLOCK);
  return keeper;
}

Keeper::Keeper(Keeper&& other) noexcept
    : keeper_(std::exchange(other.keeper_, -1)),
      program_(other.program_),
      out_(taken(other.out_)),
      err_(taken(other.err_)),
      command_(taken(other.command_)),
      status_(taken(other.status_)),
      wait_status_(other.wait_status_) {}

Keeper::~Keeper() {
  kill_all();
  for (int end : {out_, err_, status_})
    if (end >= 0) ::close(end);
}

std::optional<int> Keeper::ended() {
  Word word{};
  while (!wait_status_ && status_ >= 0 && ::read(status_, &word, sizeof word) == sizeof word)
    if (word.kind == Word::ended) wait_status_ = word.value;
  return wait_status_;
}

void Keeper::kill_all() {
  if (keeper_ <= 0) return;
  if (command_ >= 0) ::close(taken(command_));
  while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {}
  ended();  // what it said last
  keeper_ = -1;
}

}  // namespace ftaudit::dynamic
