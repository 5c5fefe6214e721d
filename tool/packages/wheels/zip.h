// Zip: the table of contents and single members of a zip file that may lie far away. Bytes are hostile until shown
// otherwise. Only what wheels use: stored and deflated members, ZIP64; no encryption, no parts. Used by wheel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "packages/wheels/byte_source.h"

namespace ftaudit::packages {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;        // bytes, unpacked
  std::uint64_t compressed = 0;  // bytes, in the file
  std::uint64_t offset = 0;      // of the local header
  std::uint32_t crc = 0;
  std::uint16_t method = 0;  // 0 stored, 8 deflated
  bool encrypted = false;
};

struct ZipLimits {
  std::uint64_t directory = 64u << 20;  // bytes of the table of contents
  std::uint64_t entries = 200'000;
  std::uint64_t member = 512u << 20;  // bytes of one unpacked member
  std::uint64_t ratio = 1100;         // unpacked over packed; deflate itself cannot do more than 1032
};

// The table of contents, ZIP64 included. Errors: not a zip, truncated, too many entries, a name that is absolute, has
// "..", a drive, a backslash or a zero byte, two entries of one name, entries that overlap.
Result<std::vector<ZipEntry>> zip_entries(ByteSource& source, const ZipLimits& limits = {});

// One member, unpacked and its checksum compared.
Result<std::string> zip_member(ByteSource& source, const ZipEntry& entry, const ZipLimits& limits = {});

// A file on disk as a ByteSource.
std::unique_ptr<ByteSource> open_file(const fs::path& path);

}  // namespace ftaudit::packages
