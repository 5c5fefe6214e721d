// A library's file, of whatever format, as images. LLVM's Object library reads the files. Used by binary.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

// One image a file; a universal Mach-O file has one an architecture. Errors name what is wrong with the bytes: no
// object file, truncated, not a shared library, segments that overlap or are larger than `memory_limit` together.
Result<std::vector<Image>> read_images(std::string_view bytes, std::uint64_t memory_limit = std::uint64_t{1} << 30);

}  // namespace ftaudit::packages
