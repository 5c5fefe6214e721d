#include "packages/binaries/decoder.h"

#include <mutex>

#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Triple.h>

namespace ftaudit::packages {

struct Decoder::Parts {
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembly;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
};

Decoder::Decoder(const std::string& name) : parts_(std::make_unique<Parts>()) {
  static std::once_flag once;
  std::call_once(once, [] {
    // The machines whose instructions processor_*.cpp read; another target would be linked for nothing.
    LLVMInitializeX86TargetInfo(), LLVMInitializeX86TargetMC(), LLVMInitializeX86Disassembler();
    LLVMInitializeAArch64TargetInfo(), LLVMInitializeAArch64TargetMC(), LLVMInitializeAArch64Disassembler();
  });
  const std::string triple = name + "-unknown-linux-gnu";
  std::string wrong;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, wrong);
  if (target == nullptr) return;  // an LLVM built without this machine: nothing decodes
  parts_->registers.reset(target->createMCRegInfo(triple));
  parts_->assembly.reset(target->createMCAsmInfo(*parts_->registers, triple, llvm::MCTargetOptions()));
  parts_->instructions.reset(target->createMCInstrInfo());
  parts_->subtarget.reset(target->createMCSubtargetInfo(triple, "", name == "aarch64" ? "+all" : ""));
  parts_->context = std::make_unique<llvm::MCContext>(llvm::Triple(triple), parts_->assembly.get(),
                                                      parts_->registers.get(), parts_->subtarget.get());
  parts_->disassembler.reset(target->createMCDisassembler(*parts_->subtarget, *parts_->context));
}

Decoder::~Decoder() = default;

std::uint64_t Decoder::decode(std::string_view bytes, std::uint64_t address, llvm::MCInst& out) const {
  if (!parts_->disassembler || bytes.empty()) return 0;
  out.clear();
  std::uint64_t size = 0;
  const llvm::ArrayRef<std::uint8_t> from(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                          std::min<std::size_t>(bytes.size(), 16));
  return parts_->disassembler->getInstruction(out, size, from, address, llvm::nulls()) == llvm::MCDisassembler::Success
             ? size
             : 0;
}

std::string_view Decoder::name(const llvm::MCInst& instruction) const {
  const llvm::StringRef text = parts_->instructions->getName(instruction.getOpcode());
  return {text.data(), text.size()};
}

std::string_view Decoder::register_name(unsigned number) const { return parts_->registers->getName(number); }

int Decoder::memory_operand(const llvm::MCInst& instruction) const {
  const llvm::MCInstrDesc& described = parts_->instructions->get(instruction.getOpcode());
  for (unsigned i = 0; i < described.getNumOperands(); ++i)
    if (described.operands()[i].OperandType == llvm::MCOI::OPERAND_MEMORY) return static_cast<int>(i);
  return -1;
}

bool Decoder::may_store(const llvm::MCInst& instruction) const {
  return parts_->instructions->get(instruction.getOpcode()).mayStore();
}

unsigned Decoder::written_operands(const llvm::MCInst& instruction) const {
  return parts_->instructions->get(instruction.getOpcode()).getNumDefs();
}

bool Decoder::writes_implicitly(const llvm::MCInst& instruction, std::string_view name) const {
  for (const auto number : parts_->instructions->get(instruction.getOpcode()).implicit_defs())
    if (register_name(number) == name) return true;
  return false;
}

unsigned Decoder::registers() const { return parts_->registers ? parts_->registers->getNumRegs() : 0; }

}  // namespace ftaudit::packages
