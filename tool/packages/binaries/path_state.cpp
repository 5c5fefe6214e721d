#include "packages/binaries/path_state.h"

namespace ftaudit::packages {

Value PathState::load(std::uint64_t address, unsigned size) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    const auto own = written.find(address + i);
    Value byte;
    if (own == written.end()) byte = image->word(address + i, 1);
    else if (own->second) byte = *own->second;
    if (!byte) return std::nullopt;
    value |= *byte << (8 * i);
  }
  return value;
}

void PathState::store(std::uint64_t address, Value value, unsigned size) {
  for (unsigned i = 0; i < size; ++i)
    written[address + i] =
        value ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*value >> (8 * i))) : std::nullopt;
}

void PathState::forget(std::uint64_t address, unsigned size) {
  for (unsigned i = 0; i < size; ++i) written[address + i] = std::nullopt;
}

std::optional<std::string> PathState::text(std::uint64_t address, std::size_t limit) const {
  std::string out;
  for (std::size_t i = 0; i < limit; ++i) {
    const Value byte = load(address + i, 1);
    if (!byte) return std::nullopt;
    if (*byte == 0) return out;
    out += static_cast<char>(*byte);
  }
  return std::nullopt;
}

std::uint64_t PathState::fresh_object() { return first_object + 0x1'0000 * fresh++; }

}  // namespace ftaudit::packages
