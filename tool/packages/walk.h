// Walk: follows machine code from one function on, with every value either known or unknown, to learn which imported
// functions it calls with which arguments. Where a branch depends on something unknown both sides are followed. Nothing
// is executed: instructions are decoded by LLVM and the few kinds that initialisation is made of are carried out on
// numbers; all others make what they write unknown. Limits on steps and paths end it early, which is said.
// It knows nothing of CPython; who asks (declaration.cpp) says what a call gives back.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "packages/image.h"

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

// What becomes of a call of something outside the image.
struct CallResult {
  enum class Then : std::uint8_t { go_on, end_path } then = Then::go_on;
  Value value;
  bool decisive = false;  // what was asked for is known: only a little more is followed, to see whether it stands
};

// One call that leaves the image: of an import (its name), or of an address that was handed out earlier.
struct OutsideCall {
  const std::string* import = nullptr;  // null for an address
  std::uint64_t target = 0;
  PathState& state;
  std::array<Value, 4> arguments;
};

struct WalkLimits {
  std::uint64_t steps = 1'500'000;  // instructions of all paths together
  std::uint64_t paths = 3000;
  std::size_t depth = 64;  // calls within calls
};

struct WalkResult {
  bool complete = false;  // every path came to its end
  std::string why_incomplete;
  std::uint64_t steps = 0;
};

// `returned` is called when the first function returns, with its value. Only x86-64 and arm64; for others the result is
// incomplete at once.
WalkResult walk(const Image& image, std::uint64_t entry, const std::function<CallResult(OutsideCall&)>& outside,
                const std::function<void(PathState&, Value)>& returned, const WalkLimits& limits = {});

}  // namespace ftaudit::packages
