#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/interruption.h"
#include "base/sha256.h"

namespace ftaudit {
namespace {

Error system_error(std::string_view what, const fs::path& path) {
  return Error{std::string(what) + " " + path.string() + ": " + std::strerror(errno)};
}

// Below it nothing can be, not even for root: the place of what has none.
constexpr const char* nowhere = "/dev/null";

fs::path xdg(const char* variable, const char* below_home) {
  if (const char* set = std::getenv(variable); set != nullptr && *set == '/') return fs::path(set) / "ftaudit";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home == '/' ? home : nowhere) / below_home / "ftaudit";
}

// Another user's home, as sudo may leave it, is not where our files are kept.
bool home_is_ours() {
  const char* home = std::getenv("HOME");
  struct stat st{};
  return home != nullptr && ::stat(home, &st) == 0 && st.st_uid == ::geteuid();
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uintmax_t limit) {
  // A pipe without a writer must not hold us, and a terminal must not become ours.
  Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  if (file.fd < 0) return system_error("cannot read", path);
  struct stat st{};
  if (::fstat(file.fd, &st) != 0) return system_error("cannot read", path);
  if (S_ISDIR(st.st_mode)) return Error{"cannot read " + path.string() + ": " + std::strerror(EISDIR)};
  if (!S_ISREG(st.st_mode)) return Error{"cannot read " + path.string() + ": not a regular file"};
  const auto too_large = [&] {
    return Error{"cannot read " + path.string() + ": larger than " + std::to_string(limit >> 20) + " MiB"};
  };
  if (static_cast<std::uintmax_t>(st.st_size) > limit) return too_large();
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > limit) return too_large();
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
fs::path config_folder() { return xdg("XDG_CONFIG_HOME", ".config"); }
fs::path cache_folder() {
  const fs::path folder = xdg("XDG_CACHE_HOME", ".cache");
  const char* set = std::getenv("XDG_CACHE_HOME");
  return (set != nullptr && *set == '/') || home_is_ours() ? folder : fs::path(nowhere) / "ftaudit";
}

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

namespace {

constexpr std::string_view scratch_prefix = "ftaudit-", making_prefix = ".ftaudit-";
constexpr std::size_t random_part = 7;  // ".XXXXXX"

// Whose lock somebody holds is in use: locks end with their process, however that ends.
int locked(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  ::close(fd);
  return -1;
}

// What runs that were killed have left behind: ours, and nobody's any more.
void remove_abandoned(const fs::path& temporary) {
  std::error_code failed;
  for (fs::directory_iterator entry(temporary, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    struct stat st{};
    // One without its name yet is about to get it, unless it has been so for long.
    const bool unnamed = name.starts_with(making_prefix);
    if (!(unnamed || name.starts_with(scratch_prefix)) || name.size() < random_part ||
        name[name.size() - random_part] != '.' || ::lstat(entry->path().c_str(), &st) != 0 || !S_ISDIR(st.st_mode) ||
        st.st_uid != ::geteuid() || (unnamed && st.st_mtime + 60 > ::time(nullptr)))
      continue;
    const Descriptor lock{locked(entry->path())};
    std::error_code ignored;
    if (lock.fd >= 0) fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make(std::string_view purpose) {
  std::error_code failed;
  const fs::path temporary = fs::temp_directory_path(failed);
  static const bool cleaned = (remove_abandoned(temporary), true);
  (void)cleaned;
  // It gets its name only once it is locked: before, somebody else's cleaning could meet it.
  std::string made = (temporary / (std::string(making_prefix) + std::string(purpose) + ".XXXXXX")).string();
  if (::mkdtemp(made.data()) == nullptr) return system_error("cannot make a scratch folder", made);
  const fs::path path = temporary / fs::path(made).filename().string().substr(1);
  const int lock = locked(made);
  if (::rename(made.c_str(), path.c_str()) != 0) {
    const Error error = system_error("cannot make a scratch folder", path);
    ::close(lock);
    fs::remove_all(made, failed);
    return error;
  }
  remember_scratch(path);
  return ScratchFolder(path, lock);
}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (path_.empty()) return;
  fs::remove_all(path_, ignored);
  forget_scratch(path_);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace ftaudit
