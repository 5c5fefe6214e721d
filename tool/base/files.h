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

// The whole of a regular file; pipes, devices and the like are refused before they can hold us. Errors name the path
// and the system's reason ("Permission denied"). Files above `limit` bytes are refused, so that a stray gigabyte never
// becomes memory.
Result<std::string> read_file(const fs::path& path, std::uintmax_t limit = std::uintmax_t{256} << 20);

// Writes a temporary neighbour and renames it over `path`: readers see the old file or the new one. What is not a
// regular file (a device, a pipe, a link) is written to as it stands.
Status write_file(const fs::path& path, std::string_view text);

// $XDG_DATA_HOME/ftaudit, else ~/.local/share/ftaudit. Not created. Without a home these three are places where nothing
// can be.
fs::path data_folder();
// $XDG_CACHE_HOME/ftaudit, else ~/.cache/ftaudit, but not of somebody else's home. Not created.
fs::path cache_folder();
// $XDG_CONFIG_HOME/ftaudit, else ~/.config/ftaudit. Not created.
fs::path config_folder();

// SHA-256 of a file's bytes as 64 lower-case hex digits.
Result<std::string> sha256_of_file(const fs::path& path);

// `path` relative to `root` where it lies below it, else absolute; '/' as separator, no "." or "..".
std::string shown_path(const fs::path& path, const fs::path& root);

// A fresh folder below the system's temporary folder, removed with the object. It is locked meanwhile, so that what a
// killed run leaves behind is known for that; the first one of a process removes such.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make(std::string_view purpose);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::move(other.path_)), lock_(other.lock_) {
    other.path_.clear();
    other.lock_ = -1;
  }
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();
  const fs::path& path() const { return path_; }

 private:
  ScratchFolder(fs::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  fs::path path_;
  int lock_ = -1;  // a descriptor of the folder; -1 where the file system has no locks
};

}  // namespace ftaudit
