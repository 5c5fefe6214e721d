// Wheel: what is inside a wheel, read through a ByteSource so that of a remote file only the table of contents,
// METADATA, WHEEL, RECORD and the extension modules are fetched. Bytes are hostile until shown otherwise: sizes are
// limited, names that reach outside, entries that overlap or lie about their size or checksum are errors. Nothing is
// written to disk. Not an installer. Used by verdict and report.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/binaries/binaries.h"
#include "packages/wheels/zip.h"

namespace ftaudit::packages {

struct WheelBinary {
  std::string path;
  Result<Binary> binary;
};

struct WheelLimits {
  ZipLimits zip;
  std::uint64_t binary = 96u << 20;     // compressed bytes fetched of one extension module
  std::uint64_t binaries = 192u << 20;  // of all of them
};

struct Wheel {
  std::string metadata, wheel;          // text of METADATA and WHEEL
  std::vector<WheelBinary> extensions;  // files that an import can load, sorted by path
  std::vector<std::string> foreign;     // other native code: libraries for ctypes, executables
  std::vector<std::string> bundled;     // libraries that came along (NAME.libs, .dylibs)
  std::vector<std::string> not_read;    // "PATH: 412 MB, more than ..."
  std::uint64_t fetched = 0;            // bytes
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
