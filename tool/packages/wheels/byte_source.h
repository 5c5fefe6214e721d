// Bytes that can be read from any place, wherever they lie: a file on disk, or a file at a server of which only the
// wanted ranges are fetched. Not a stream and not a cache. Made by index (remote) and by the readers of local wheels.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace ftaudit::packages {

struct ByteSource {
  virtual ~ByteSource() = default;
  // Length in bytes. Asked at most once of a server.
  virtual Result<std::uint64_t> size() = 0;
  // Exactly `length` bytes from `offset` on; a range that reaches beyond the end is an error, never a short answer.
  virtual Result<std::string> read(std::uint64_t offset, std::uint64_t length) = 0;
  // Where the bytes come from, for messages: a path or a URL without credentials.
  virtual std::string name() const = 0;
  // What the reader of a report should know ("the server knows no ranges: all 12 MB were fetched"); "" for nothing.
  virtual std::string remark() const { return {}; }
};

}  // namespace ftaudit::packages
