// What an index says of one project: its files, with what is known of each without fetching it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

namespace ftaudit::packages {

struct IndexFile {
  std::string name;                   // the file's
  std::string url;                    // absolute; may hold credentials
  std::string sha256;                 // "" when the index does not say
  std::string requires_python;        // "" when it does not say
  std::optional<std::string> yanked;  // the reason (may be "") when withdrawn
  bool has_metadata = false;          // url + ".metadata" is there
  std::string metadata_sha256;
  std::optional<std::uint64_t> bytes;
  std::string uploaded;  // RFC 3339, "" when it does not say
  fs::path path;         // a file of a --find-links folder, else empty

  bool is_wheel() const { return name.ends_with(".whl"); }
};

struct ProjectPage {
  enum class State { found, missing, unreachable };
  State state = State::found;
  std::string reason;                // for missing and unreachable: what each index answered
  std::vector<IndexFile> files;      // of all indexes
  std::vector<std::string> remarks;  // indexes that did not answer although others did
  std::string found_at;              // the indexes that know it, shown without credentials
};

}  // namespace ftaudit::packages
