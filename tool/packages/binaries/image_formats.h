// The three readers behind read_images(), one a file format, and what they share. Each gets all bytes of a file and
// fills an Image; sizes and offsets of the file are believed only after they were compared with what is there.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

struct LayoutBudget {
  std::uint64_t left = 0;  // bytes that segments may still take
};

Result<Image> read_elf(std::string_view bytes, LayoutBudget& budget);
Result<Image> read_pe(std::string_view bytes, LayoutBudget& budget);
Result<std::vector<Image>> read_macho(std::string_view bytes, LayoutBudget& budget);

// Adds a segment of `size` bytes, zero after `from_file`. Errors: overlap, over budget.
Status lay_out(Image& image, std::uint64_t address, std::string_view from_file, std::uint64_t size, bool executable,
               bool writable, LayoutBudget& budget);

// Fills and sorts the lists that follow from the rest.
void finish(Image& image);

}  // namespace ftaudit::packages
