// What is known of a machine's registers and memory on one path through its code: each value, or that it is unknown.
// Used by walk and by the processors, which change it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "packages/binaries/image.h"

namespace ftaudit::packages {

using Value = std::optional<std::uint64_t>;  // none: unknown

// Registers, flags and what was written to memory so far on one path.
struct PathState {
  static constexpr std::size_t registers = 33;  // x86: rax..r15 as encoded; arm64: x0..x30, sp at 31, zero at 32
  std::array<Value, registers> general{};
  std::array<std::array<std::optional<std::uint8_t>, 16>, 32> vectors{};
  std::optional<bool> zero, sign, carry, overflow;
  std::map<std::uint64_t, std::optional<std::uint8_t>> written;
  std::vector<std::uint64_t> returns;  // addresses to come back to
  std::vector<std::uint64_t> entered;  // functions that are being carried out, as many
  std::uint64_t at = 0;
  std::uint64_t fresh = 0;  // objects handed out

  const Image* image = nullptr;

  Value load(std::uint64_t address, unsigned size) const;
  void store(std::uint64_t address, Value value, unsigned size);
  void forget(std::uint64_t address, unsigned size);
  Value pointer(std::uint64_t address) const { return load(address, 8); }
  // Zero-terminated text; none when a byte of it is unknown.
  std::optional<std::string> text(std::uint64_t address, std::size_t limit = 512) const;
  // The address of an object nobody else has; never zero; its contents are unknown.
  std::uint64_t fresh_object();
  static constexpr std::uint64_t first_object = 0x5000'0000'0000, stack_top = 0x7ffe'0000'0000;
};

}  // namespace ftaudit::packages
