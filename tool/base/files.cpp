#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/interruption.h"
#include "base/sha256.h"

namespace ftaudit {
namespace {

Error system_error(std::string_view what, const fs::path& path) {
  return Error{std::string(what) + " " + path.string() + ": " + std::strerror(errno)};
}

fs::path xdg(const char* variable, const char* below_home) {
  if (const char* set = std::getenv(variable); set != nullptr && *set == '/') return fs::path(set) / "ftaudit";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home != '\0' ? home : "/") / below_home / "ftaudit";
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uintmax_t limit) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return system_error("cannot read", path);
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > limit)
      return Error{"cannot read " + path.string() + ": larger than " + std::to_string(limit >> 20) + " MiB"};
  }
}

Status write_file(const fs::path& path, std::string_view text) {
  stand_still_if_interrupted();
  // A device, a pipe or a link is written to, never replaced: /dev/stdout and /dev/null must stay what they are.
  std::error_code unknown;
  const fs::file_type kind = fs::symlink_status(path, unknown).type();
  const bool in_place =
      kind != fs::file_type::not_found && kind != fs::file_type::none && kind != fs::file_type::regular;
  fs::path beside = path;
  if (!in_place) beside += ".new-" + std::to_string(::getpid());
  Descriptor file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
  if (file.fd < 0) return system_error("cannot write", path);
  while (!text.empty()) {
    const ssize_t n = ::write(file.fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const Error error = system_error("cannot write", path);
      if (!in_place) ::unlink(beside.c_str());
      return error;
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!in_place && ::rename(beside.c_str(), path.c_str()) != 0) {
    const Error error = system_error("cannot write", path);
    ::unlink(beside.c_str());
    return error;
  }
  return Done{};
}

fs::path data_folder() { return xdg("XDG_DATA_HOME", ".local/share"); }
fs::path cache_folder() { return xdg("XDG_CACHE_HOME", ".cache"); }

Result<std::string> sha256_of_file(const fs::path& path) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return system_error("cannot read", path);
  Sha256 digest;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return digest.hex();
    digest.add({buffer, static_cast<std::size_t>(n)});
  }
}

std::string shown_path(const fs::path& path, const fs::path& root) {
  const fs::path full = fs::absolute(path).lexically_normal();
  const fs::path relative = full.lexically_relative(fs::absolute(root).lexically_normal());
  if (relative.empty() || *relative.begin() == "..") return full.generic_string();
  return relative.generic_string();
}

Result<ScratchFolder> ScratchFolder::make(std::string_view purpose) {
  std::error_code failed;
  std::string pattern = (fs::temp_directory_path(failed) / ("ftaudit-" + std::string(purpose) + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) return system_error("cannot make a scratch folder", pattern);
  remember_scratch(pattern);
  return ScratchFolder(pattern);
}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (path_.empty()) return;
  fs::remove_all(path_, ignored);
  forget_scratch(path_);
}

}  // namespace ftaudit
