#include "base/conversation.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/interruption.h"

namespace ftaudit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int out_of_memory = 124, parent_gone = 123;

// A kind and a length before the text.
constexpr std::size_t head_size = 5;
using Head = std::array<unsigned char, head_size>;

Head head_of(char kind, std::size_t size) {
  Head out{static_cast<unsigned char>(kind)};
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i) + 1] = static_cast<unsigned char>(size >> (8 * i));
  return out;
}
std::size_t size_of(const unsigned char* head) {
  std::size_t out = 0;
  for (int i = 0; i < 4; ++i) out |= std::size_t{head[i + 1]} << (8 * i);
  return out;
}

bool write_all(int fd, const void* bytes, std::size_t size) {
  for (const char* at = static_cast<const char*>(bytes); size > 0;) {
    const ssize_t n = ::write(fd, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}
bool send(int fd, char kind, std::string_view text) {
  const Head head = head_of(kind, text.size());
  return write_all(fd, head.data(), head.size()) && write_all(fd, text.data(), text.size());
}

[[noreturn]] void work_confined(int end, const sandbox::Ground& ground, const Talk& talk,
                                const std::function<void(Channel&)>& work) {
  sandbox::confine(end, ground, talk.limits);
  std::set_new_handler([] { ::_exit(out_of_memory); });
  ::signal(SIGPIPE, SIG_IGN);
  if (talk.once_confined) talk.once_confined();
  Channel channel;
  work(channel);
  ::_exit(0);
}

// Reads what the child says until it ends; see converse().
class Listener {
 public:
  Listener(int end, const Talk& talk, const std::function<Result<std::optional<std::string>>(char, std::string)>& heard)
      : end_(end), talk_(talk), heard_(heard) {}

  Status listen() {
    const Clock::time_point deadline = Clock::now() + talk_.patience;
    for (;;) {
      pollfd ready{end_, POLLIN, 0};
      ::poll(&ready, 1, 100);
      if (Clock::now() >= deadline) return Error{"took longer than " + std::to_string(talk_.patience.count()) + " s"};
      if (asked_to_finish()) return Error{"interrupted"};
      if (ready.revents == 0) continue;
      char buffer[1 << 16];
      const ssize_t n = ::read(end_, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return Done{};
      total_ += static_cast<std::uint64_t>(n);
      if (total_ > talk_.most_bytes) return Error{"is more than " + std::to_string(talk_.most_bytes >> 20) + " MiB"};
      bytes_.append(buffer, static_cast<std::size_t>(n));
      if (Status taken = take_messages(); !taken.ok()) return taken;
    }
  }

 private:
  Status take_messages() {
    std::size_t at = 0;
    while (bytes_.size() - at >= head_size) {
      const std::size_t size = size_of(reinterpret_cast<const unsigned char*>(bytes_.data()) + at);
      if (size > talk_.most_bytes) return Error{"is more than " + std::to_string(talk_.most_bytes >> 20) + " MiB"};
      if (bytes_.size() - at - head_size < size) break;
      const char kind = bytes_[at];
      Result<std::optional<std::string>> answer = heard_(kind, bytes_.substr(at + head_size, size));
      at += head_size + size;
      if (!answer.ok()) return answer.error();
      // One that has ended meanwhile hears nothing any more; how it ended is said.
      if (*answer) send(end_, kind, **answer);
    }
    bytes_.erase(0, at);
    return Done{};
  }

  int end_;
  const Talk& talk_;
  const std::function<Result<std::optional<std::string>>(char, std::string)>& heard_;
  std::string bytes_;
  std::uint64_t total_ = 0;
};

std::string told_of(int status, const sandbox::Limits& limits) {
  if (std::string stopped = sandbox::told_of(status); !stopped.empty()) return stopped;
  if (WIFSIGNALED(status)) return std::string("its reader crashed (") + ::strsignal(WTERMSIG(status)) + ")";
  if (WEXITSTATUS(status) == out_of_memory)
    return "took more than " + std::to_string(limits.memory_bytes >> 20) + " MiB of memory";
  return WEXITSTATUS(status) == 0 ? "" : "its reader ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

void Channel::tell(char kind, std::string_view text) {
  if (!send(sandbox::answer, kind, text)) ::_exit(parent_gone);
}

std::string Channel::ask(char kind, std::string_view text) {
  tell(kind, text);
  const auto read_all = [](void* to, std::size_t size) {
    for (char* at = static_cast<char*>(to); size > 0;) {
      const ssize_t n = ::read(sandbox::answer, at, size);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) ::_exit(parent_gone);
      at += n, size -= static_cast<std::size_t>(n);
    }
  };
  Head head{};
  read_all(head.data(), head.size());
  std::string out(size_of(head.data()), '\0');
  read_all(out.data(), out.size());
  return out;
}

Status converse(const sandbox::Ground& ground, const Talk& talk, const std::function<void(Channel&)>& work,
                const std::function<Result<std::optional<std::string>>(char, std::string)>& heard) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{std::string("cannot make a socket: ") + std::strerror(errno)};
  const pid_t child = ::fork();
  if (child == 0) work_confined(ends[1], ground, talk, work);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return Error{std::string("cannot start a process: ") + std::strerror(errno)};
  }
  struct sigaction ignore{}, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  const Status listened = Listener(ends[0], talk, heard).listen();
  ::sigaction(SIGPIPE, &before, nullptr);
  if (!listened.ok()) ::kill(child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (!listened.ok()) return listened;
  const std::string end = told_of(status, talk.limits);
  return end.empty() ? Status(Done{}) : Error{end};
}

}  // namespace ftaudit
