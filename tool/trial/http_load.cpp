#include "trial/http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <thread>

#include "base/sha256.h"
#include "base/text.h"

namespace ftaudit::trial {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr std::size_t largest_answer = 64u << 20;

sockaddr_in here(unsigned port) {
  sockaddr_in out{};
  out.sin_family = AF_INET, out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

// The value of a header, in lower case; "" where it is not there.
std::string header(std::string_view head, std::string_view name) {
  for (const std::string& line : split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && to_lower(line.substr(0, colon)) == name)
      return to_lower(std::string(trim(line.substr(colon + 1))));
  }
  return "";
}

bool read_number(std::string_view text, std::size_t& into, int base = 10) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into, base);
  return failed == std::errc() && end != text.data();
}

}  // namespace

Status HttpConnection::open() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return Error{std::string("no socket: ") + std::strerror(errno)};
  const timeval patience{patience_.count() / 1000, (patience_.count() % 1000) * 1000};
  const int yes = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const sockaddr_in to = here(port_);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return Done{};
  const std::string why = std::strerror(errno);
  close();
  return Error{"no connection: " + why};
}

void HttpConnection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1, read_.clear();
}

Status HttpConnection::send(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t sent = ::send(socket_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return Error{std::string("the connection broke: ") + std::strerror(errno)};
    at += static_cast<std::size_t>(sent);
  }
  return Done{};
}

bool HttpConnection::more() {
  char part[16384];
  const ssize_t got = read_.size() < largest_answer ? ::recv(socket_, part, sizeof part, 0) : 0;
  late_ = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (got <= 0) return false;
  read_.append(part, static_cast<std::size_t>(got));
  return true;
}

Error HttpConnection::no_answer(const char* what) const {
  if (read_.size() >= largest_answer) return Error{what + std::string(": the answer is too large")};
  return Error{what + (late_ ? " within " + std::to_string(patience_.count() / 1000) + " s"
                             : std::string(": the service closed the connection"))};
}

Result<HttpAnswer> HttpConnection::get(const std::string& path) {
  const bool kept = socket_ >= 0;
  late_ = false;
  if (!kept)
    if (const Status opened = open(); !opened) return opened.error();
  const std::string text = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                           "\r\nUser-Agent: ftaudit\r\nAccept: */*\r\n\r\n";
  Status sent = send(text);
  Result<HttpAnswer> out = sent.ok() ? answer() : Result<HttpAnswer>(sent.error());
  if (out.ok()) return out;
  if (!kept || late_) {
    close();
    return out;
  }
  // A connection that was kept may have been closed by the service meanwhile, which is its right.
  close();
  return get(path);
}

Result<HttpAnswer> HttpConnection::answer() {
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return no_answer(read_.empty() ? "no answer" : "no whole answer");
  const std::string head = read_.substr(0, end);
  read_.erase(0, end + 4);
  HttpAnswer out;
  std::size_t status = 0;
  if (!head.starts_with("HTTP/1.") ||
      !read_number(std::string_view(head).substr(std::min<std::size_t>(9, head.size())), status))
    return Error{"an answer that is no HTTP/1"};
  out.status = static_cast<int>(status);
  std::size_t length = 0;
  if (header(head, "transfer-encoding").find("chunked") != std::string::npos) {
    for (;;) {
      std::size_t line = 0;
      while ((line = read_.find("\r\n")) == std::string::npos)
        if (!more()) return no_answer("no whole answer");
      std::size_t size = 0;
      if (!read_number(std::string_view(read_).substr(0, line), size, 16) || size > largest_answer)
        return Error{"an answer with a chunk that has no size"};
      while (read_.size() < line + 2 + size + 2)
        if (!more()) return no_answer("no whole answer");
      out.body.append(read_, line + 2, size);
      read_.erase(0, line + 2 + size + 2);
      if (size == 0) break;
    }
  } else if (const std::string told = header(head, "content-length"); !told.empty() && read_number(told, length)) {
    while (read_.size() < length)
      if (!more()) return no_answer("no whole answer");
    out.body = read_.substr(0, length);
    read_.erase(0, length);
  } else if (status != 204 && status != 304) {
    while (more()) continue;
    out.body = std::move(read_);
    close();
  }
  if (header(head, "connection") == "close" || head.starts_with("HTTP/1.0")) close();
  return out;
}

std::size_t Load::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(sent, [](const Sent& one) { return !one.problem.empty() || one.status >= 500; }));
}

std::string Load::what() const {
  for (const Sent& one : sent)
    if (!one.problem.empty() || one.status >= 500)
      return one.problem.empty() ? "status " + std::to_string(one.status) : one.problem;
  return "";
}

Load load(const LoadRequest& request) {
  Load out;
  const auto began = Clock::now(), end = began + request.duration;
  std::mutex lock;
  std::size_t next = 0;
  const auto work = [&] {
    HttpConnection connection(request.port, request.patience);
    while (request.stop == nullptr || !*request.stop) {
      std::size_t number = 0;
      {
        const std::lock_guard<std::mutex> held(lock);
        number = next++;
      }
      const auto due =
          request.rate > 0
              ? began + microseconds(static_cast<long long>(1e6 * static_cast<double>(number) / request.rate))
              : Clock::now();
      if (due >= end) return;
      std::this_thread::sleep_until(due);
      Load::Sent one{.path = number % request.paths.size()};
      const auto sent = Clock::now();
      const Result<HttpAnswer> answer = connection.get(request.paths[one.path]);
      const auto whole = Clock::now();
      one.from_due = std::chrono::duration_cast<microseconds>(whole - due);
      one.from_sent = std::chrono::duration_cast<microseconds>(whole - sent);
      if (answer.ok())
        one.status = answer->status,
        one.digest = sha256(std::to_string(answer->status) + "\n" + answer->body).substr(0, 16);
      else one.problem = answer.message(), one.stuck = connection.late();
      const std::lock_guard<std::mutex> held(lock);
      out.sent.push_back(std::move(one));
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < request.connections; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  out.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return out;
}

Result<unsigned> free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return Error{std::string("no socket: ") + std::strerror(errno)};
  sockaddr_in at = here(0);
  socklen_t size = sizeof at;
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&at), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  const std::string why = std::strerror(errno);
  ::close(socket);
  if (!bound) return Error{"no free port: " + why};
  return static_cast<unsigned>(ntohs(at.sin_port));
}

}  // namespace ftaudit::trial
