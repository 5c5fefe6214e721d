#include "base/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "base/sha256.h"

namespace ftaudit {
namespace {

constexpr std::string_view magic = "ftaudit-store-1\n";
constexpr std::size_t digits = 64;
constexpr std::time_t abandoned = 3600;  // seconds after which nobody is still writing a file

// Of the name too: an entry in the place of another is damage.
std::string checksum(const std::string& key, std::string_view bytes) {
  Sha256 digest;
  digest.add(key);
  digest.add(std::string_view("\0", 1));
  digest.add(bytes);
  return digest.hex();
}

struct Kept {
  fs::path path;
  std::uint64_t bytes = 0;
  timespec used{};
};

// The entries, and in `half` the files that are still being written, or never were to the end.
std::vector<Kept> entries_of(const fs::path& folder, std::vector<Kept>* half = nullptr) {
  std::vector<Kept> out;
  std::error_code failed;
  for (fs::directory_iterator group(folder, failed), end; !failed && group != end; group.increment(failed)) {
    std::error_code unreadable;
    for (fs::directory_iterator entry(group->path(), unreadable); !unreadable && entry != end;
         entry.increment(unreadable)) {
      struct stat st{};
      if (::lstat(entry->path().c_str(), &st) != 0 || !S_ISREG(st.st_mode)) continue;
      const bool unfinished = entry->path().filename().string().find(".new-") != std::string::npos;
      if (!unfinished) out.push_back({entry->path(), static_cast<std::uint64_t>(st.st_size), st.st_mtim});
      else if (half != nullptr) half->push_back({entry->path(), static_cast<std::uint64_t>(st.st_size), st.st_mtim});
    }
  }
  return out;
}

}  // namespace

// Folders by the first two characters: none gets many files.
fs::path Store::path_of(const std::string& key) const { return folder_ / key.substr(0, 2) / key.substr(2); }

std::optional<std::string> Store::get(const std::string& key) {
  const fs::path path = path_of(key);
  std::error_code failed;
  if (!fs::exists(path, failed)) return std::nullopt;
  Result<std::string> read = read_file(path, std::uintmax_t{1} << 30);
  if (!read.ok()) return std::nullopt;
  const std::size_t head = magic.size() + digits;
  if (!read->starts_with(magic) || read->size() < head ||
      checksum(key, std::string_view(*read).substr(head)) != std::string_view(*read).substr(magic.size(), digits)) {
    fs::remove(path, failed);
    return std::nullopt;
  }
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  read->erase(0, head);
  return std::move(*read);
}

void Store::put(const std::string& key, std::string_view bytes) {
  if (!trouble_.empty()) return;
  const fs::path path = path_of(key);
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed) {
    trouble_ = "cannot make " + path.parent_path().string() + ": " + failed.message();
    return;
  }
  std::string whole(magic);
  whole += checksum(key, bytes);
  whole += bytes;
  if (const Status written = write_file(path, whole); !written.ok()) trouble_ = written.message();
  else grew_ = true;
}

void Store::trim() {
  std::vector<Kept> half;
  std::vector<Kept> all = entries_of(folder_, &half);
  std::error_code ignored;
  for (const Kept& file : half)
    if (file.used.tv_sec + abandoned < std::time(nullptr)) fs::remove(file.path, ignored);
  std::uint64_t bytes = 0;
  for (const Kept& entry : all) bytes += entry.bytes;
  if (bytes <= limit_) return;
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) {
    return std::tie(a.used.tv_sec, a.used.tv_nsec, a.path) < std::tie(b.used.tv_sec, b.used.tv_nsec, b.path);
  });
  // A tenth more, so that not every run has to do this.
  for (const Kept& entry : all) {
    if (bytes <= limit_ - limit_ / 10) break;
    fs::remove(entry.path, ignored);
    bytes -= entry.bytes;
  }
}

Store::Size Store::size() const {
  Size out;
  for (const Kept& entry : entries_of(folder_)) ++out.entries, out.bytes += entry.bytes;
  return out;
}

Result<Store::Size> Store::clear() {
  std::vector<Kept> half;
  Size gone;
  std::string trouble;
  const auto remove = [&](const Kept& entry) {
    std::error_code failed;
    if (fs::remove(entry.path, failed)) ++gone.entries, gone.bytes += entry.bytes;
    if (failed && trouble.empty()) trouble = "cannot remove " + entry.path.string() + ": " + failed.message();
  };
  for (const Kept& entry : entries_of(folder_, &half)) remove(entry);
  for (const Kept& entry : half) remove(entry);
  if (!trouble.empty()) return Error{trouble};
  return gone;
}

}  // namespace ftaudit
