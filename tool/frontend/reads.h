// Reads: which files a translation unit was made from, and where a file would have been taken had it been there. What
// became of each says whether facts that were written down earlier still hold. Plain data; made by the recorder, kept
// by the facts cache.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ftaudit::frontend {

// What a file looked like without reading it. All zero: not to be relied on.
struct Stamp {
  std::uint64_t size = 0, inode = 0, device = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds
  bool operator==(const Stamp&) const = default;
};

struct Read {
  enum class Kind : std::uint8_t { absent, present, content };
  std::string path;  // as it was asked for
  Kind kind = Kind::absent;
  std::string digest;  // of the content
  Stamp stamp;         // when the content was read
};

template <class V> void fields(V& v, Stamp& x) { v(x.size, x.inode, x.device, x.modified, x.changed); }
template <class V> void fields(V& v, const Stamp& x) { v(x.size, x.inode, x.device, x.modified, x.changed); }
template <class V> void fields(V& v, Read& x) { v(x.path, x.kind, x.digest, x.stamp); }
template <class V> void fields(V& v, const Read& x) { v(x.path, x.kind, x.digest, x.stamp); }
constexpr Read::Kind last_value(Read::Kind) { return Read::Kind::content; }

// Of a file as it is now. `there`: whether there is one; the stamp stays zero for what is no regular file.
Stamp stamp_of(const std::string& path, bool& there);
// BLAKE3 as raw bytes, short enough to be kept by the thousand and long enough never to meet by chance or design.
std::string digest_of(std::string_view bytes);

}  // namespace ftaudit::frontend
