// Decoder: one instruction at a time by LLVM's disassembler, with the names of opcodes and registers that the
// processors read. LLVM's opcode numbers are not public; its names are, and stay the same. Used by the processors
// alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <llvm/MC/MCInst.h>

namespace ftaudit::packages {

class Decoder {
 public:
  // "x86_64", "aarch64".
  explicit Decoder(const std::string& triple);
  ~Decoder();

  // Bytes used; 0 when it is no instruction.
  std::uint64_t decode(std::string_view bytes, std::uint64_t address, llvm::MCInst& out) const;
  std::string_view name(const llvm::MCInst& instruction) const;
  std::string_view register_name(unsigned number) const;
  // The place of the first operand that is one of a memory operand's five, or -1.
  int memory_operand(const llvm::MCInst& instruction) const;
  bool may_store(const llvm::MCInst& instruction) const;
  // How many of its first operands it writes; whether it writes the flags.
  unsigned written_operands(const llvm::MCInst& instruction) const;
  bool writes_implicitly(const llvm::MCInst& instruction, std::string_view register_name) const;
  unsigned registers() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ftaudit::packages
