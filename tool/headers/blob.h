// The blob of headers inside a packaged program: an index of paths in order, and each file packed by itself, so that
// only what Clang opens is ever unpacked. A folder is whatever a path leads through.
//   "FTHEADERS1\n", SHA-256 of what follows as hex digits, "\n", the number of files in decimal, "\n",
//   then a line a file: offset from the end of the index, packed size, size, path; then the packed bytes (zlib).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::headers {

class Blob {
 public:
  // Bytes that are no blob, or one that is cut off, hold nothing.
  explicit Blob(std::string_view bytes);

  bool empty() const { return files_.empty(); }
  std::string_view identity() const { return identity_; }

  // Paths as in the blob: "python/3.14t-3.14.6/include/python3.14t/Python.h".
  bool is_file(std::string_view path) const { return find(path) != nullptr; }
  bool is_folder(std::string_view path) const;  // "" is one
  std::optional<std::uint64_t> size(std::string_view path) const;
  std::optional<std::string> text(std::string_view path) const;
  std::vector<std::string> children(std::string_view folder) const;  // names, in order

 private:
  struct File {
    std::string_view path, packed;
    std::uint64_t size = 0;
  };
  const File* find(std::string_view path) const;
  std::vector<File>::const_iterator first_in(std::string_view folder) const;

  std::string_view identity_;
  std::vector<File> files_;  // by path
};

}  // namespace ftaudit::headers
