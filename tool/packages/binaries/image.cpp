#include "packages/binaries/image.h"

#include <algorithm>

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

}  // namespace ftaudit::packages
