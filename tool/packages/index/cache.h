// Contents kept between runs, below the user's cache folder: index pages with their ETags, metadata, what was read out
// of a wheel. Safe under parallel runs (whole files, renamed into place), bounded in size, and never needed: what
// cannot be read or written is simply fetched again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"

namespace ftaudit::packages {

class Cache {
 public:
  // `folder`: normally cache_folder() / "packages". Made on the first write.
  explicit Cache(fs::path folder, std::uint64_t limit_bytes = std::uint64_t{512} << 20);

  struct Entry {
    std::string content;
    std::chrono::seconds age{0};
  };
  // `kind` is a folder ("page", "metadata", "evidence"); `key` any text, which need not be a file name.
  std::optional<Entry> get(std::string_view kind, std::string_view key) const;
  void put(std::string_view kind, std::string_view key, std::string_view content);
  // The entry is as good as new (a server said 304).
  void touch(std::string_view kind, std::string_view key);
  // Drops the entries unused longest until the folder is within its limit. Called once at the end of a run.
  void trim();

  const fs::path& folder() const { return folder_; }

 private:
  fs::path place(std::string_view kind, std::string_view key) const;
  fs::path folder_;
  std::uint64_t limit_;
};

}  // namespace ftaudit::packages
