// What package indexes hold: a project's files with their tags, hashes, yanks and metadata (PEP 503, 592, 629, 658,
// 691, 700, 714), and their bytes by range. Thread-safe: many packages are asked about at once. Judges nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "packages/index/project_page.h"
#include "packages/inputs/inputs.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {

class Index {
 public:
  // Asks pip or uv for the user's settings and default once. Fails when there is no index at all and --no-index is not
  // set.
  static Result<std::unique_ptr<Index>> open(const IndexOptions& options);
  ~Index();

  // Asked once in a run; later calls get the same answer, which lives as long as the index.
  const ProjectPage& project(std::string_view name);
  // Normal names of the projects in --find-links folders: indexes are not asked for lists of theirs.
  std::vector<std::string> at_hand() const;
  // Asks about many at once, so that project() need not wait for one after the other.
  void prefetch(const std::vector<std::string>& names);

  // The METADATA file of a wheel by the index's own copy; an error when it has none (has_metadata false).
  Result<std::string> metadata(const IndexFile& file);
  // The bytes of a file that is not on disk (`path` empty); the index must outlive them. Of a server that knows no
  // ranges all of it is fetched, up to `download_limit`, once.
  std::unique_ptr<ByteSource> bytes(const IndexFile& file, std::uint64_t download_limit = 64u << 20);
  // The whole file, checked against its hash. For what must be unpacked (sdists to scan, wheels to probe).
  Result<fs::path> download(const IndexFile& file, const fs::path& folder, std::uint64_t limit);

  // Bytes that came over the network and requests made so far.
  std::uint64_t fetched_bytes() const;
  std::uint64_t requests() const;

 private:
  struct State;
  explicit Index(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ftaudit::packages
