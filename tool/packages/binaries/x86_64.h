// x86-64: moves, arithmetic, comparisons, calls and jumps on known numbers, and the vector moves that compilers copy
// small tables with. Everything else leaves unknown what it writes. Private to processor_x86_64.cpp and x86_64_*.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "packages/binaries/decoder.h"
#include "packages/binaries/processor.h"
#include "packages/binaries/x86_64_names.h"

namespace ftaudit::packages {

class X86 final : public Processor {
 public:
  explicit X86(bool windows) : decoder_("x86_64"), windows_(windows) {
    for (unsigned i = 0; i < decoder_.registers(); ++i) registers_.push_back(register_named(decoder_.register_name(i)));
  }

  Effect step(PathState& state) override;
  std::array<Value, 4> arguments(const PathState& s) const override;
  void start(PathState& state) const override { state.general[rsp] = PathState::stack_top - 8; }
  void enter(PathState& state, std::uint64_t) const override { push(state, std::nullopt); }
  void leave(PathState& state) const override;
  void give(PathState& state, Value result) const override;
  Value result(const PathState& state) const override { return state.general[rax]; }

 private:
  // Numbers of the general registers, as instructions have them.
  static constexpr unsigned rax = 0, rcx = 1, rdx = 2, rsp = 4, rbp = 5, rsi = 6, rdi = 7;

  static std::uint64_t low(std::uint64_t value, unsigned bits) {
    return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
  }
  static std::uint64_t extended(std::uint64_t value, unsigned bits) {
    return bits >= 64 ? value
                      : static_cast<std::uint64_t>(static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits));
  }

  const llvm::MCOperand& operand(unsigned i) const { return in_->getOperand(i); }
  unsigned count() const { return in_->getNumOperands(); }
  Register reg(unsigned i) const;
  Value get(const Register& from) const;
  void set(const Register& to, Value value);
  static void push(PathState& state, Value value);
  // base + scale * index + displacement; what lies in a segment of its own (thread-local) has no known address.
  Value address() const;
  Value load(unsigned bits) const;
  void store(Value value, unsigned bits);
  std::optional<bool> condition(std::int64_t code) const;
  bool control(Effect& effect);

  // False for an instruction that is none of theirs.
  bool vector();
  bool integer();
  void arithmetic(const Form& form);
  void otherwise();
  void flags_unknown() { state_->zero.reset(), state_->sign.reset(), state_->carry.reset(), state_->overflow.reset(); }

  Decoder decoder_;
  bool windows_;
  std::vector<Register> registers_;
  PathState* state_ = nullptr;
  const llvm::MCInst* in_ = nullptr;
  std::uint64_t next_ = 0;
  std::string_view name_;
  int memory_ = -1;
};

}  // namespace ftaudit::packages
