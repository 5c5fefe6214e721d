// What LLVM's names of x86-64 registers and opcodes say: "R8D" is the low half of a general register, "ADD64ri8" an
// addition of a register and a short number. Used by the x86-64 processor alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::packages {

struct Register {
  enum class Kind : std::uint8_t { none, general, vector, instruction_pointer } kind = Kind::none;
  unsigned index = 0;
  unsigned bits = 64;
  bool high = false;  // ah, bh, ch, dh
};
Register register_named(std::string_view name);

// "ADD64ri8" as the operation, its width and the shape of its operands.
struct Form {
  std::string_view operation, shape;
  unsigned bits = 0;
};
Form form_of(std::string_view name);

}  // namespace ftaudit::packages
