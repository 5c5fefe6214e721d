// Wheel: what is inside a wheel, read through a ByteSource so that of a remote file only the table of contents, METADATA,
// WHEEL, RECORD and the extension modules are fetched. Bytes are hostile until shown otherwise: sizes are limited, names that reach
// outside, entries that overlap or lie about their size or checksum are errors. Nothing is written to disk. Not an
// installer. Used by verdict and report.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/binary.h"
#include "packages/byte_source.h"

namespace ftaudit::packages {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;        // bytes, unpacked
  std::uint64_t compressed = 0;  // bytes, in the file
  std::uint64_t offset = 0;      // of the local header
  std::uint32_t crc = 0;
  std::uint16_t method = 0;      // 0 stored, 8 deflated
  bool encrypted = false;
};

struct ZipLimits {
  std::uint64_t directory = 64u << 20;  // bytes of the table of contents
  std::uint64_t entries = 200'000;
  std::uint64_t member = 512u << 20;    // bytes of one unpacked member
  std::uint64_t ratio = 1100;           // unpacked over packed; deflate itself cannot do more than 1032
};

// The table of contents, ZIP64 included. Errors: not a zip, truncated, too many entries, a name that is absolute, has "..",
// a drive, a backslash or a zero byte, two entries of one name, entries that overlap.
Result<std::vector<ZipEntry>> zip_entries(ByteSource& source, const ZipLimits& limits = {});

// One member, unpacked and its checksum compared.
Result<std::string> zip_member(ByteSource& source, const ZipEntry& entry, const ZipLimits& limits = {});

struct WheelBinary {
  std::string path;
  Result<Binary> binary;
};

struct WheelLimits {
  ZipLimits zip;
  std::uint64_t binary = 96u << 20;   // compressed bytes fetched of one extension module
  std::uint64_t binaries = 192u << 20;  // of all of them
};

struct Wheel {
  std::string metadata, wheel;            // text of METADATA and WHEEL
  std::vector<WheelBinary> extensions;    // files that an import can load, sorted by path
  std::vector<std::string> foreign;       // other native code: libraries for ctypes, executables
  std::vector<std::string> bundled;       // libraries that came along (NAME.libs, .dylibs)
  std::vector<std::string> not_read;      // "PATH: 412 MB, more than ..."
  std::uint64_t fetched = 0;              // bytes
};

// With `binaries` false only the metadata and the names are read.
Result<Wheel> read_wheel(ByteSource& source, const WheelLimits& limits = {}, bool binaries = true);

// Whether a file of this name in a wheel is an extension module as CPython's finders see it: NAME.so, NAME.abi3.so,
// NAME.cpython-313t-x86_64-linux-gnu.so, NAME.pyd, ... with NAME an identifier.
bool is_extension_name(std::string_view path);
// Whether it is native code at all.
bool is_native_name(std::string_view path);

// What a METADATA, PKG-INFO or WHEEL text says under `key` (case ignored), in order; continuation lines joined.
std::vector<std::string> fields(std::string_view text, std::string_view key);

}  // namespace ftaudit::packages
