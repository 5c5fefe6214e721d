// Walk: follows machine code from one function on, with every value either known or unknown, to learn which imported
// functions it calls with which arguments. Where a branch depends on something unknown both sides are followed. Nothing
// is executed: instructions are decoded by LLVM and the few kinds that initialisation is made of are carried out on
// numbers; all others make what they write unknown. Limits on steps and paths end it early, which is said.
// It knows nothing of CPython; who asks (declaration.cpp) says what a call gives back.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "packages/binaries/path_state.h"

namespace ftaudit::packages {

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
