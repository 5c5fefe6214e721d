#include "packages/binaries/image_formats.h"

#include <algorithm>

namespace ftaudit::packages {

Status lay_out(Image& image, std::uint64_t address, std::string_view from_file, std::uint64_t size, bool executable,
               bool writable, LayoutBudget& budget) {
  if (from_file.size() > size) from_file = from_file.substr(0, size);
  // A tail of zeros may be as large as it likes in the program; only its beginning can matter to a module definition.
  constexpr std::uint64_t longest_tail = 64u << 20;
  size = std::min(size, from_file.size() + longest_tail);
  if (size > budget.left) return Error{"its segments are larger together than ftaudit reads"};
  if (address + size < address) return Error{"a segment reaches beyond the end of memory"};
  budget.left -= size;
  Image::Segment segment{
      .address = address, .bytes = std::string(from_file), .executable = executable, .writable = writable};
  segment.bytes.resize(size, '\0');
  const auto at = std::upper_bound(image.segments.begin(), image.segments.end(), address,
                                   [](std::uint64_t a, const Image::Segment& s) { return a < s.address; });
  if (at != image.segments.end() && address + size > at->address) return Error{"two of its segments overlap"};
  if (at != image.segments.begin() && std::prev(at)->address + std::prev(at)->bytes.size() > address)
    return Error{"two of its segments overlap"};
  image.segments.insert(at, std::move(segment));
  return Done{};
}

void finish(Image& image) {
  for (const auto& [address, name] : image.imported_at) image.imports.push_back(name);
  std::sort(image.imports.begin(), image.imports.end());
  image.imports.erase(std::unique(image.imports.begin(), image.imports.end()), image.imports.end());
  std::sort(image.needed.begin(), image.needed.end());
}

}  // namespace ftaudit::packages
