// Store: what may be made again, kept on disk by key. Entries are whole or not there: each is written beside and
// renamed, carries a checksum, and what does not agree with it is taken for missing and removed. Any number of
// processes may use one store; a store that cannot be read or written costs time and nothing else. Used by the caches
// of facts and documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"

namespace ftaudit {

class Store {
 public:
  // `limit`: bytes that trim() leaves at most. The folder is made with the first entry.
  Store(fs::path folder, std::uint64_t limit) : folder_(std::move(folder)), limit_(limit) {}

  // Keys are file names of at least three characters without '/'. A hit makes the entry the one used last.
  std::optional<std::string> get(const std::string& key);
  void put(const std::string& key, std::string_view bytes);

  // Something was put since the store was opened, and nothing failed on the way.
  bool grew() const { return grew_; }
  // Why entries could not be written, the first time; "" if they could.
  const std::string& trouble() const { return trouble_; }

  // Removes what was used longest ago until the rest is within the limit, and what a killed process left half written.
  void trim();

  struct Size {
    std::uint64_t entries = 0, bytes = 0;
  };
  Size size() const;
  // Removes every entry and says how much that was.
  Result<Size> clear();
  const fs::path& folder() const { return folder_; }
  std::uint64_t limit() const { return limit_; }

 private:
  fs::path path_of(const std::string& key) const;

  fs::path folder_;
  std::uint64_t limit_;
  bool grew_ = false;
  std::string trouble_;
};

}  // namespace ftaudit
