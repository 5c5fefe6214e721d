#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/interruption.h"
#include "base/text.h"

extern char** environ;

namespace ftaudit {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  int read = -1, write = -1;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0], write = ends[1];
    return true;
  }
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  ~Pipe() { close(read), close(write); }
};

// The absolute folders of a PATH.
std::vector<std::string> path_folders(std::string_view path) {
  std::vector<std::string> out = split(path, ':');
  std::erase_if(out, [](const std::string& folder) { return !folder.starts_with('/'); });
  return out;
}

std::vector<std::string> merged_environment(const std::vector<std::string>& extra) {
  std::vector<std::string> all;
  auto name = [](std::string_view entry) { return entry.substr(0, entry.find('=') + 1); };
  for (char** e = environ; *e != nullptr; ++e) {
    bool replaced = false;
    for (const std::string& x : extra) replaced |= name(x) == name(*e);
    if (!replaced) all.emplace_back(*e);
  }
  all.insert(all.end(), extra.begin(), extra.end());
  for (std::string& entry : all)
    if (entry.starts_with("PATH=")) entry = "PATH=" + join(path_folders(entry.substr(5)), ":");
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

// Keeps at most `limit` bytes and hands complete lines on.
struct Sink {
  std::string& kept;
  std::uint64_t limit;
  const std::function<void(std::string_view)>& on_line;
  std::string line;

  void take(std::string_view bytes) {
    if (kept.size() < limit) kept.append(bytes.substr(0, limit - kept.size()));
    if (!on_line) return;
    line.append(bytes);
    for (std::size_t end; (end = line.find('\n')) != std::string::npos; line.erase(0, end + 1))
      on_line(std::string_view(line).substr(0, end));
  }
};

[[noreturn]] void become(const Command& command, const sandbox::Solitude& solitude, const std::string& program,
                         char** argv, char** env, int in, int out, int err, int report) {
  restore_signals();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(in, 0), ::dup2(out, 1), ::dup2(err, 2);
  if (command.memory_bytes != 0) {
    const rlimit limit{command.memory_bytes, command.memory_bytes};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  if ((command.folder.empty() || ::chdir(command.folder.c_str()) == 0) &&
      (command.ground == nullptr || sandbox::restrict_to(*command.ground)) && solitude.begin())
    ::execve(program.c_str(), argv, env);
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(report, &reason, sizeof reason);
  ::_exit(127);
}

// Between us and the program stands its guard, the leader of the group: a group of its own never sees the terminal's
// Ctrl-C, and the kernel tells only a direct child that we are gone, not what that child has started. The guard kills
// them all, and hands on how the program ended. Only what may be called between fork and exec in a program of several
// threads.
template <class BecomeProgram> [[noreturn]] void guard(pid_t us, int status, const BecomeProgram& become_program) {
  ::setpgid(0, 0);
  const int going = SIGRTMAX;
  struct sigaction kill_all{};
  kill_all.sa_handler = [](int) { ::kill(0, SIGKILL); };
  ::sigaction(going, &kill_all, nullptr);
  // What the program sends to its group is not for the guard. It may do so at once, so this comes before it is there;
  // the program itself gets its signals back before it becomes one.
  sigset_t others;
  sigfillset(&others);
  sigdelset(&others, going);
  ::sigprocmask(SIG_SETMASK, &others, nullptr);
  ::prctl(PR_SET_PDEATHSIG, going);
  if (::getppid() != us) ::kill(0, SIGKILL);
  const pid_t program = ::fork();
  if (program == 0) become_program();
  // Pipes of other programs must not be held open here.
  ::dup2(status, 0);
  ::syscall(SYS_close_range, 1U, ~0U, 0U);
  int ended = 0;
  while (program > 0 && ::waitpid(program, &ended, 0) < 0 && errno == EINTR) {}
  if (program > 0) [[maybe_unused]]
    const ssize_t told = ::write(0, &ended, sizeof ended);
  ::_exit(program > 0 ? 0 : 127);
}

}  // namespace

std::string Outcome::describe() const {
  if (timed_out) return "timed out";
  if (signal != 0) return "killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
  return "exit code " + std::to_string(exit_code);
}

fs::path find_program(std::string_view name) {
  if (name.find('/') != std::string_view::npos)
    return ::access(std::string(name).c_str(), X_OK) == 0 ? fs::path(name) : fs::path();
  const char* path = std::getenv("PATH");
  for (const std::string& folder : path_folders(path != nullptr ? path : "/usr/bin:/bin")) {
    const fs::path candidate = fs::path(folder) / name;
    std::error_code ignored;
    if (::access(candidate.c_str(), X_OK) == 0 && fs::is_regular_file(candidate, ignored)) return candidate;
  }
  return {};
}

Result<Outcome> run(const Command& command) {
  const std::string program = find_program(command.argv.at(0)).string();
  if (program.empty()) return Error{command.argv[0] + ": no such program"};
  Pipe in, out, err, report, ended;
  if (!in.open() || !out.open() || !err.open() || !report.open() || !ended.open())
    return Error{std::string("cannot make a pipe: ") + std::strerror(errno)};
  std::vector<std::string> argv_text = command.argv, env_text = merged_environment(command.environment);
  std::vector<char*> argv = pointers(argv_text), env = pointers(env_text);

  const sandbox::Solitude solitude(command.calls, {program.c_str(), argv.data(), env.data()},
                                   std::chrono::ceil<std::chrono::seconds>(command.timeout));
  const pid_t us = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return Error{std::string("cannot start ") + program + ": " + std::strerror(errno)};
  if (child == 0)
    guard(us, ended.write, [&] {
      become(command, solitude, program, argv.data(), env.data(), in.read, out.write, err.write, report.write);
    });
  ::setpgid(child, child);
  Pipe::close(in.read), Pipe::close(out.write), Pipe::close(err.write), Pipe::close(report.write),
      Pipe::close(ended.write);

  int reason = 0;
  if (::read(report.read, &reason, sizeof reason) == sizeof reason) {
    ::waitpid(child, nullptr, 0);
    return Error{"cannot start " + program + ": " + std::strerror(reason)};
  }

  Outcome outcome;
  Sink sinks[2]{{outcome.out, command.output_limit, command.on_line, {}},
                {outcome.err, command.output_limit, command.on_line, {}}};
  std::string_view to_write = command.input;
  ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  if (to_write.empty()) Pipe::close(in.write);
  const Clock::time_point deadline = Clock::now() + command.timeout;
  Clock::time_point heard = Clock::now();
  struct sigaction ignore{}, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);

  bool exited = false;
  int status = 0;
  while (!exited || out.read >= 0 || err.read >= 0) {
    pollfd ends[3]{{out.read, POLLIN, 0}, {err.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    // Once it has closed its ends it is about to be gone.
    const int wait_ms = exited ? 200 : out.read < 0 && err.read < 0 ? 1 : 50;
    ::poll(ends, 3, wait_ms);
    bool progressed = false;
    for (int i = 0; i < 2; ++i) {
      int& end = i == 0 ? out.read : err.read;
      if (end < 0 || ends[i].revents == 0) continue;
      char buffer[1 << 16];
      const ssize_t n = ::read(end, buffer, sizeof buffer);
      if (n > 0) sinks[i].take({buffer, static_cast<std::size_t>(n)}), progressed = true;
      else if (n == 0 || errno != EINTR) Pipe::close(end);
    }
    if (in.write >= 0 && ends[2].revents != 0) {
      const ssize_t n = ::write(in.write, to_write.data(), to_write.size());
      if (n > 0) to_write.remove_prefix(static_cast<std::size_t>(n));
      if (to_write.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) Pipe::close(in.write);
    }
    if (!exited && ::waitpid(child, &status, WNOHANG) == child) exited = true;
    // A child that left a background process holding the pipes does not hold us.
    else if (exited && !progressed && (ends[0].revents | ends[1].revents) == 0) break;
    if (progressed) heard = Clock::now();
    const bool late = (command.timeout.count() != 0 && Clock::now() >= deadline) ||
                      (command.silence.count() != 0 && Clock::now() >= heard + command.silence);
    if (!exited && (late || asked_to_finish())) {
      outcome.timed_out = late;
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      exited = true;
    }
  }
  ::kill(-child, SIGKILL);  // whatever the child left behind in its group
  ::sigaction(SIGPIPE, &before, nullptr);
  [[maybe_unused]] const ssize_t known =
      ::read(ended.read, &status, sizeof status);  // nothing where the guard was killed as well
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  else outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace ftaudit
