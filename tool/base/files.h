// Files and folders: reading, writing whole files safely, the user's data and cache folders, temporary folders.
// Knows nothing of what the files mean. Used by every layer that touches the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ftaudit {

namespace fs = std::filesystem;

// The whole file. Errors name the path and the system's reason ("Permission denied").
// Files above `limit` bytes are refused, so that a stray gigabyte never becomes memory.
Result<std::string> read_file(const fs::path& path, std::uintmax_t limit = std::uintmax_t{1} << 30);

// Writes a temporary neighbour and renames it over `path`: readers see the old file or the new one. What is not a
// regular file (a device, a pipe, a link) is written to as it stands.
Status write_file(const fs::path& path, std::string_view text);

// $XDG_DATA_HOME/ftaudit, else ~/.local/share/ftaudit. Not created.
fs::path data_folder();
// $XDG_CACHE_HOME/ftaudit, else ~/.cache/ftaudit. Not created.
fs::path cache_folder();

// SHA-256 of a file's bytes as 64 lower-case hex digits.
Result<std::string> sha256_of_file(const fs::path& path);

// `path` relative to `root` where it lies below it, else absolute; '/' as separator, no "." or "..".
std::string shown_path(const fs::path& path, const fs::path& root);

// A fresh folder below the system's temporary folder, removed with the object.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make(std::string_view purpose);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();
  const fs::path& path() const { return path_; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

}  // namespace ftaudit
