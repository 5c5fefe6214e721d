#include "packages/image.h"

#include <algorithm>
#include <cstring>

#include "packages/image_formats.h"

namespace ftaudit::packages {

std::string_view name_of(FileFormat format) {
  switch (format) {
    case FileFormat::elf: return "ELF";
    case FileFormat::macho: return "Mach-O";
    case FileFormat::pe: return "PE";
  }
  return "";
}

std::uint64_t Image::address_of_import(const std::string& name) {
  const auto [at, fresh] = import_address_.try_emplace(name, first_import + 64 * import_address_.size());
  if (fresh) imported_at.emplace(at->second, name);
  return at->second;
}

const Image::Segment* Image::segment_of(std::uint64_t address, std::uint64_t size) const {
  auto after = std::upper_bound(segments.begin(), segments.end(), address,
                                [](std::uint64_t a, const Segment& s) { return a < s.address; });
  if (after == segments.begin()) return nullptr;
  const Segment& segment = *std::prev(after);
  const std::uint64_t offset = address - segment.address;
  return offset <= segment.bytes.size() && size <= segment.bytes.size() - offset ? &segment : nullptr;
}

Image::Segment* Image::segment_of(std::uint64_t address, std::uint64_t size) {
  return const_cast<Segment*>(static_cast<const Image*>(this)->segment_of(address, size));
}

bool Image::contains(std::uint64_t address, std::uint64_t size) const { return segment_of(address, size) != nullptr; }

bool Image::executable(std::uint64_t address) const {
  const Segment* segment = segment_of(address);
  return segment != nullptr && segment->executable;
}

const std::string* Image::import_at(std::uint64_t address) const {
  const auto found = imported_at.find(address);
  return found == imported_at.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> Image::word(std::uint64_t address, unsigned size) const {
  const Segment* segment = segment_of(address, size);
  if (segment == nullptr || size > 8) return std::nullopt;
  std::uint64_t value = 0;
  const char* from = segment->bytes.data() + (address - segment->address);
  for (unsigned i = 0; i < size; ++i) value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  return value;
}

std::optional<std::string> Image::text(std::uint64_t address, std::size_t limit) const {
  const std::string_view rest = bytes(address).substr(0, limit);
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(rest.substr(0, end));
}

std::string_view Image::bytes(std::uint64_t address) const {
  const Segment* segment = segment_of(address);
  return segment == nullptr ? std::string_view() : std::string_view(segment->bytes).substr(address - segment->address);
}

void Image::put(std::uint64_t address, std::uint64_t value, unsigned size) {
  Segment* segment = segment_of(address, size);
  if (segment == nullptr) {
    relocations_complete = false;
    return;
  }
  char* to = segment->bytes.data() + (address - segment->address);
  for (unsigned i = 0; i < size; ++i) to[i] = static_cast<char>(value >> (8 * i));
}

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

Result<std::vector<Image>> read_images(std::string_view bytes, std::uint64_t memory_limit) {
  if (bytes.size() < 64) return Error{"too short for a library: " + std::to_string(bytes.size()) + " bytes"};
  LayoutBudget budget{memory_limit};
  const auto magic = [&](std::string_view m) { return bytes.starts_with(m); };
  if (magic("\x7f"
            "ELF")) {
    Result<Image> one = read_elf(bytes, budget);
    if (!one.ok()) return Error{"ELF: " + one.message()};
    std::vector<Image> out;
    out.push_back(std::move(*one));
    return out;
  }
  if (magic("MZ")) {
    Result<Image> one = read_pe(bytes, budget);
    if (!one.ok()) return Error{"PE: " + one.message()};
    std::vector<Image> out;
    out.push_back(std::move(*one));
    return out;
  }
  if (magic("\xcf\xfa\xed\xfe") || magic("\xce\xfa\xed\xfe") || magic("\xca\xfe\xba\xbe") ||
      magic("\xca\xfe\xba\xbf")) {
    Result<std::vector<Image>> all = read_macho(bytes, budget);
    if (!all.ok()) return Error{"Mach-O: " + all.message()};
    return all;
  }
  return Error{"neither ELF, Mach-O nor PE"};
}

}  // namespace ftaudit::packages
