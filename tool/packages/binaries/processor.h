// Processor: what one instruction of one machine does to a PathState. Two of them: x86-64 and arm64. Used by walk
// alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "packages/binaries/path_state.h"

namespace ftaudit::packages {

// What comes after an instruction.
struct Effect {
  enum class Kind : std::uint8_t {
    next,
    jump,       // to target
    call,       // of target; comes back to the next instruction
    give_back,  // return
    branch,     // on a condition: taken leads to target; none when it is not known
    stop,       // a trap, or what cannot be decoded
  } kind = Kind::next;
  Value target;
  std::optional<bool> taken;
  std::uint64_t size = 0;  // bytes of the instruction
};

class Processor {
 public:
  virtual ~Processor() = default;
  virtual Effect step(PathState& state) = 0;
  // As the platform's C calling convention has them.
  virtual std::array<Value, 4> arguments(const PathState& state) const = 0;
  virtual void start(PathState& state) const = 0;  // a stack
  virtual void enter(PathState& state,
                     std::uint64_t come_back) const = 0;  // what a call instruction does beyond jumping
  virtual void leave(PathState& state) const = 0;         // undoes it, when the callee is not followed
  virtual void give(PathState& state,
                    Value result) const = 0;  // a result, and what a callee may overwrite is forgotten
  virtual Value result(const PathState& state) const = 0;
};

std::unique_ptr<Processor> make_x86_64(bool windows);
std::unique_ptr<Processor> make_aarch64();

}  // namespace ftaudit::packages
