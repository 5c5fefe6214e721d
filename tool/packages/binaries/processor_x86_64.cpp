#include <algorithm>

#include "packages/binaries/x86_64.h"

namespace ftaudit::packages {

Effect X86::step(PathState& state) {
  llvm::MCInst in;
  Effect effect;
  effect.size = decoder_.decode(state.image->bytes(state.at), state.at, in);
  if (effect.size == 0) return {.kind = Effect::Kind::stop};
  state_ = &state;
  in_ = &in;
  next_ = state.at + effect.size;
  name_ = decoder_.name(in);
  // LEA computes an address and reads nothing, so LLVM does not call its operand memory.
  memory_ = name_.starts_with("LEA") && name_ != "LEAVE64" ? 1 : decoder_.memory_operand(in);
  if (!control(effect) && !vector() && !integer()) otherwise();
  return effect;
}

std::array<Value, 4> X86::arguments(const PathState& s) const {
  if (windows_) return {s.general[rcx], s.general[rdx], s.general[8], s.general[9]};
  return {s.general[rdi], s.general[rsi], s.general[rdx], s.general[rcx]};
}

void X86::leave(PathState& state) const {
  if (state.general[rsp]) *state.general[rsp] += 8;
}

void X86::give(PathState& state, Value result) const {
  for (const unsigned i : {rcx, rdx, 8u, 9u, 10u, 11u}) state.general[i].reset();
  if (!windows_) state.general[rsi].reset(), state.general[rdi].reset();
  for (std::size_t i = 0; i < 16; ++i)
    if (!windows_ || i < 6) state.vectors[i].fill(std::nullopt);
  state.general[rax] = result;
  state.zero.reset(), state.sign.reset(), state.carry.reset(), state.overflow.reset();
}

Register X86::reg(unsigned i) const {
  return i < count() && operand(i).isReg() && operand(i).getReg() < registers_.size() ? registers_[operand(i).getReg()]
                                                                                      : Register{};
}

Value X86::get(const Register& from) const {
  if (from.kind == Register::Kind::instruction_pointer) return next_;
  if (from.kind != Register::Kind::general) return std::nullopt;
  const Value whole = state_->general[from.index];
  if (!whole) return std::nullopt;
  return low(from.high ? *whole >> 8 : *whole, from.bits);
}

void X86::set(const Register& to, Value value) {
  if (to.kind != Register::Kind::general) return;
  Value& whole = state_->general[to.index];
  if (to.bits >= 32) {
    whole = value ? Value(low(*value, to.bits)) : std::nullopt;
  } else if (!value || !whole) {
    whole.reset();
  } else {
    const unsigned shift = to.high ? 8 : 0;
    const std::uint64_t mask = ((std::uint64_t{1} << to.bits) - 1) << shift;
    whole = (*whole & ~mask) | ((*value << shift) & mask);
  }
}

void X86::push(PathState& state, Value value) {
  Value& top = state.general[rsp];
  if (!top) return;
  *top -= 8;
  state.store(*top, value, 8);
}

Value X86::address() const {
  if (memory_ < 0 || static_cast<unsigned>(memory_) + 5 > count()) return std::nullopt;
  const auto at = static_cast<unsigned>(memory_);
  if (!operand(at + 3).isImm() || (operand(at + 4).isReg() && operand(at + 4).getReg() != 0)) return std::nullopt;
  std::uint64_t out = static_cast<std::uint64_t>(operand(at + 3).getImm());
  for (const unsigned part : {at, at + 2}) {
    if (!operand(part).isReg() || operand(part).getReg() == 0) continue;
    const std::string_view name = decoder_.register_name(operand(part).getReg());
    if (name == "RIZ" || name == "EIZ") continue;
    const Value value = get(reg(part));
    if (!value) return std::nullopt;
    out += part == at ? *value : *value * static_cast<std::uint64_t>(operand(at + 1).getImm());
  }
  return out;
}

Value X86::load(unsigned bits) const {
  const Value at = address();
  return at ? state_->load(*at, bits / 8) : std::nullopt;
}

void X86::store(Value value, unsigned bits) {
  if (const Value at = address()) state_->store(*at, value, bits / 8);
}

std::optional<bool> X86::condition(std::int64_t code) const {
  const auto both = [](std::optional<bool> a, std::optional<bool> b, auto how) -> std::optional<bool> {
    return a && b ? std::optional<bool>(how(*a, *b)) : std::nullopt;
  };
  const auto either = [](bool a, bool b) { return a || b; };
  const auto unlike = [](bool a, bool b) { return a != b; };
  std::optional<bool> holds;
  switch (code & ~1) {
    case 0: holds = state_->overflow; break;
    case 2: holds = state_->carry; break;
    case 4: holds = state_->zero; break;
    case 6: holds = both(state_->carry, state_->zero, either); break;
    case 8: holds = state_->sign; break;
    case 12: holds = both(state_->sign, state_->overflow, unlike); break;
    case 14: holds = both(state_->zero, both(state_->sign, state_->overflow, unlike), either); break;
    default: break;
  }
  return holds && (code & 1) != 0 ? std::optional<bool>(!*holds) : holds;
}

bool X86::control(Effect& effect) {
  const auto relative = [&]() -> Value {
    return operand(0).isImm() ? Value(next_ + static_cast<std::uint64_t>(operand(0).getImm())) : std::nullopt;
  };
  std::string_view name = name_;
  if (name.ends_with("_NT")) name.remove_suffix(3);
  if (name == "JCC_1" || name == "JCC_4") {
    effect.kind = Effect::Kind::branch;
    effect.target = relative();
    effect.taken = condition(operand(1).getImm());
  } else if (name == "JMP_1" || name == "JMP_4") {
    effect.kind = Effect::Kind::jump, effect.target = relative();
  } else if (name == "CALL64pcrel32") {
    effect.kind = Effect::Kind::call, effect.target = relative();
  } else if (name == "JMP64r" || name == "CALL64r") {
    effect.kind = name[0] == 'J' ? Effect::Kind::jump : Effect::Kind::call, effect.target = get(reg(0));
  } else if (name == "JMP64m" || name == "CALL64m") {
    effect.kind = name[0] == 'J' ? Effect::Kind::jump : Effect::Kind::call, effect.target = load(64);
  } else if (name == "RET64" || name == "RETI64") {
    effect.kind = Effect::Kind::give_back;
    if (state_->general[rsp]) *state_->general[rsp] += 8;
  } else if (name == "TRAP" || name == "HLT" || name.starts_with("UD2") || name == "INT3") {
    effect.kind = Effect::Kind::stop;
  } else {
    return false;
  }
  return true;
}

void X86::otherwise() {
  if (decoder_.may_store(*in_))
    if (const Value at = address()) state_->forget(*at, 32);
  for (unsigned i = 0; i < std::min(decoder_.written_operands(*in_), count()); ++i) {
    const Register to = reg(i);
    if (to.kind == Register::Kind::general) state_->general[to.index].reset();
    if (to.kind == Register::Kind::vector) state_->vectors[to.index].fill(std::nullopt);
  }
  if (decoder_.writes_implicitly(*in_, "EFLAGS")) flags_unknown();
  for (const auto& [name, index] : {std::pair{"RAX", rax},
                                    {"EAX", rax},
                                    {"AX", rax},
                                    {"AL", rax},
                                    {"RDX", rdx},
                                    {"EDX", rdx},
                                    {"RCX", rcx},
                                    {"ECX", rcx},
                                    {"RDI", rdi},
                                    {"RSI", rsi}})
    if (decoder_.writes_implicitly(*in_, name)) state_->general[index].reset();
}

std::unique_ptr<Processor> make_x86_64(bool windows) { return std::make_unique<X86>(windows); }

}  // namespace ftaudit::packages
