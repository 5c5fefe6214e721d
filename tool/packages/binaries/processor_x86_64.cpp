// x86-64: moves, arithmetic, comparisons, calls and jumps on known numbers, and the vector moves that compilers copy
// small tables with. Everything else leaves unknown what it writes.
#include <algorithm>
#include <charconv>

#include "packages/binaries/decoder.h"
#include "packages/binaries/processor.h"
#include "packages/binaries/x86_64_names.h"

namespace ftaudit::packages {
namespace {

constexpr unsigned rax = 0, rcx = 1, rdx = 2, rsp = 4, rbp = 5, rsi = 6, rdi = 7;

std::uint64_t low(std::uint64_t value, unsigned bits) {
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}
std::uint64_t extended(std::uint64_t value, unsigned bits) {
  return bits >= 64 ? value
                    : static_cast<std::uint64_t>(static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits));
}

class X86 final : public Processor {
 public:
  explicit X86(bool windows) : decoder_("x86_64"), windows_(windows) {
    for (unsigned i = 0; i < decoder_.registers(); ++i) registers_.push_back(register_named(decoder_.register_name(i)));
  }

  Effect step(PathState& state) override {
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

  std::array<Value, 4> arguments(const PathState& s) const override {
    if (windows_) return {s.general[rcx], s.general[rdx], s.general[8], s.general[9]};
    return {s.general[rdi], s.general[rsi], s.general[rdx], s.general[rcx]};
  }
  void start(PathState& state) const override { state.general[rsp] = PathState::stack_top - 8; }
  void enter(PathState& state, std::uint64_t) const override { push(state, std::nullopt); }
  void leave(PathState& state) const override {
    if (state.general[rsp]) *state.general[rsp] += 8;
  }
  void give(PathState& state, Value result) const override {
    for (const unsigned i : {rcx, rdx, 8u, 9u, 10u, 11u}) state.general[i].reset();
    if (!windows_) state.general[rsi].reset(), state.general[rdi].reset();
    for (std::size_t i = 0; i < 16; ++i)
      if (!windows_ || i < 6) state.vectors[i].fill(std::nullopt);
    state.general[rax] = result;
    state.zero.reset(), state.sign.reset(), state.carry.reset(), state.overflow.reset();
  }
  Value result(const PathState& state) const override { return state.general[rax]; }

 private:
  const llvm::MCOperand& operand(unsigned i) const { return in_->getOperand(i); }
  unsigned count() const { return in_->getNumOperands(); }
  Register reg(unsigned i) const {
    return i < count() && operand(i).isReg() && operand(i).getReg() < registers_.size()
               ? registers_[operand(i).getReg()]
               : Register{};
  }

  Value get(const Register& from) const {
    if (from.kind == Register::Kind::instruction_pointer) return next_;
    if (from.kind != Register::Kind::general) return std::nullopt;
    const Value whole = state_->general[from.index];
    if (!whole) return std::nullopt;
    return low(from.high ? *whole >> 8 : *whole, from.bits);
  }

  void set(const Register& to, Value value) {
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

  static void push(PathState& state, Value value) {
    Value& top = state.general[rsp];
    if (!top) return;
    *top -= 8;
    state.store(*top, value, 8);
  }

  // base + scale * index + displacement; what lies in a segment of its own (thread-local) has no known address.
  Value address() const {
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

  Value load(unsigned bits) const {
    const Value at = address();
    return at ? state_->load(*at, bits / 8) : std::nullopt;
  }
  void store(Value value, unsigned bits) {
    if (const Value at = address()) state_->store(*at, value, bits / 8);
  }

  std::optional<bool> condition(std::int64_t code) const {
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

  bool control(Effect& effect) {
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

  bool vector();
  bool integer();
  void arithmetic(const Form& form);

  void otherwise() {
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

bool X86::vector() {
  std::string_view name = name_;
  if (name.starts_with("V")) name.remove_prefix(1);
  using Lane = std::array<std::optional<std::uint8_t>, 16>;
  const auto lane = [&](unsigned i) -> Lane& { return state_->vectors[reg(i).index]; };
  const auto bytes_at = [&](Value at, unsigned n, unsigned from, Lane& into) {
    for (unsigned i = 0; i < n; ++i) {
      const Value byte = at ? state_->load(*at + i, 1) : std::nullopt;
      into[from + i] = byte ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*byte)) : std::nullopt;
    }
  };
  const auto put = [&](const Lane& from, unsigned first, unsigned n) {
    const Value at = address();
    for (unsigned i = 0; at && i < n; ++i) state_->written[*at + i] = from[first + i];
  };
  static constexpr std::string_view whole[] = {"MOVAPS", "MOVUPS", "MOVAPD", "MOVUPD", "MOVDQA", "MOVDQU"};
  for (const std::string_view stem : whole) {
    if (!name.starts_with(stem)) continue;
    const std::string_view shape = name.substr(stem.size());
    if (shape == "rr" || shape == "rr_REV") lane(0) = Lane(lane(1));
    else if (shape == "rm") bytes_at(address(), 16, 0, lane(0));
    else if (shape == "mr") put(lane(5), 0, 16);
    else return false;
    return true;
  }
  const unsigned first = 1, second = 2;
  if (name == "MOV64toPQIrr" || name == "MOVDI2PDIrr") {
    const Value value = get(reg(1));
    const unsigned n = name[3] == '6' ? 8 : 4;
    Lane& to = lane(0);
    for (unsigned i = 0; i < 16; ++i)
      to[i] = i >= n  ? std::optional<std::uint8_t>(0)
              : value ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*value >> (8 * i)))
                      : std::nullopt;
  } else if (name == "MOVQI2PQIrm" || name == "MOVSDrm" || name == "MOVSDrm_alt") {
    lane(0).fill(0);
    bytes_at(address(), 8, 0, lane(0));
  } else if (name == "MOVDI2PDIrm") {
    lane(0).fill(0);
    bytes_at(address(), 4, 0, lane(0));
  } else if (name == "MOVPQI2QImr" || name == "MOVLPSmr" || name == "MOVLPDmr" || name == "MOVSDmr") {
    put(lane(5), 0, 8);
  } else if (name == "MOVHPSmr" || name == "MOVHPDmr") {
    put(lane(5), 8, 8);
  } else if (name == "MOVPQIto64rr") {
    Value value = 0;
    for (unsigned i = 0; i < 8 && value; ++i)
      value = lane(1)[i] ? Value(*value | std::uint64_t{*lane(1)[i]} << (8 * i)) : std::nullopt;
    set(reg(0), value);
  } else if (name == "PUNPCKLQDQrr" || name == "MOVLHPSrr" || name == "UNPCKLPDrr") {
    Lane out = lane(first);
    std::copy_n(Lane(lane(second)).begin(), 8, out.begin() + 8);
    lane(0) = out;
  } else if (name == "PUNPCKLQDQrm" || name == "MOVHPSrm" || name == "MOVHPDrm") {
    Lane out = lane(first);
    bytes_at(address(), 8, 8, out);
    lane(0) = out;
  } else if (name == "PINSRQrr" && count() >= 4) {
    Lane out = lane(first);
    const Value value = get(reg(2));
    const unsigned from = 8 * (static_cast<unsigned>(operand(3).getImm()) & 1);
    for (unsigned i = 0; i < 8; ++i)
      out[from + i] = value ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*value >> (8 * i))) : std::nullopt;
    lane(0) = out;
  } else if ((name == "PXORrr" || name == "XORPSrr" || name == "XORPDrr") && reg(first).index == reg(second).index) {
    lane(0).fill(0);
  } else {
    return false;
  }
  return true;
}

bool X86::integer() {
  if (name_.starts_with("ENDBR") || name_.starts_with("NOOP")) return true;
  if (name_ == "LEA64r" || name_ == "LEA32r" || name_ == "LEA64_32r") return set(reg(0), address()), true;
  if (name_ == "PUSH64r" || name_ == "PUSH64rmr") return push(*state_, get(reg(0))), true;
  if (name_ == "PUSH64rmm") return push(*state_, load(64)), true;
  if (name_ == "PUSH64i8" || name_ == "PUSH64i32")
    return push(*state_, extended(static_cast<std::uint64_t>(operand(0).getImm()), name_.ends_with("i8") ? 8 : 32)),
           true;
  if (name_ == "POP64r" || name_ == "LEAVE64") {
    if (name_ == "LEAVE64") state_->general[rsp] = state_->general[rbp];
    Value& top = state_->general[rsp];
    const Value value = top ? state_->load(*top, 8) : std::nullopt;
    if (top) *top += 8;
    if (name_ == "LEAVE64") state_->general[rbp] = value;
    else set(reg(0), value);
    return true;
  }
  if (name_.starts_with("MOVZX") || name_.starts_with("MOVSX")) {
    // MOVZX32rm8, MOVSX64rr32: to, shape, from
    const std::size_t at = name_.find_first_of("rm", 5), tail = name_.find_last_not_of("0123456789");
    unsigned from = 0;
    if (std::from_chars(name_.data() + tail + 1, name_.data() + name_.size(), from).ec != std::errc{} ||
        at == std::string_view::npos)
      return false;
    const Value value = name_[at + 1] == 'm' ? load(from) : get(reg(1));
    set(reg(0), !value ? Value() : name_[3] == 'Z' ? Value(low(*value, from)) : Value(extended(*value, from)));
    return true;
  }
  if (name_ == "SETCCr" || name_ == "SETCCm") {
    const std::optional<bool> holds = condition(operand(count() - 1).getImm());
    const Value value = holds ? Value(*holds ? 1 : 0) : std::nullopt;
    if (name_ == "SETCCr") set(reg(0), value);
    else store(value, 8);
    return true;
  }
  const Form form = form_of(name_);
  if (form.bits != 8 && form.bits != 16 && form.bits != 32 && form.bits != 64) return false;
  if (form.operation == "CMOV") {
    const std::optional<bool> holds = condition(operand(count() - 1).getImm());
    const Value other = form.shape == "rm" ? load(form.bits) : get(reg(2));
    const Value own = get(reg(1));
    set(reg(0), holds ? (*holds ? other : own) : own && other && *own == *other ? own : Value());
    return true;
  }
  static constexpr std::string_view known[] = {"MOV",  "ADD", "SUB", "XOR", "AND", "OR", "CMP",
                                               "TEST", "INC", "DEC", "SHL", "SHR", "SAR"};
  static constexpr std::string_view shapes[] = {"rr",   "rm", "mr",  "ri",  "mi", "ri8", "ri32",  "mi8",
                                                "mi32", "i8", "i16", "i32", "r",  "m",   "ri_alt"};
  if (std::find(std::begin(known), std::end(known), form.operation) == std::end(known)) return false;
  if (std::find(std::begin(shapes), std::end(shapes), form.shape) == std::end(shapes)) return false;
  arithmetic(form);
  return true;
}

void X86::arithmetic(const Form& form) {
  const unsigned bits = form.bits;
  const bool memory_first = form.shape[0] == 'm', accumulator = form.shape[0] == 'i';
  const bool one_operand = form.operation == "INC" || form.operation == "DEC";
  const bool move = form.operation == "MOV", only_flags = form.operation == "CMP" || form.operation == "TEST";
  const bool immediate = form.shape.find('i') != std::string_view::npos;
  const Register to = accumulator    ? Register{Register::Kind::general, rax, bits, false}
                      : memory_first ? Register{}
                                     : reg(0);
  Value b;
  if (one_operand) b = 1;
  else if (immediate) {
    const llvm::MCOperand& last = operand(count() - 1);
    const unsigned from = form.shape.ends_with("8") ? 8 : form.shape.ends_with("32") ? 32 : bits;
    if (last.isImm()) b = low(extended(static_cast<std::uint64_t>(last.getImm()), from), bits);
  } else if (form.shape == "rm") b = load(bits);
  else if (form.shape == "r" || form.shape == "m") b.reset();  // shifts by cl
  else b = get(reg(count() - 1));
  const Value a = move ? Value(0) : memory_first ? load(bits) : get(to);
  Value out;
  const bool same = form.shape == "rr" && count() >= 2 && !move && reg(count() - 1).index == reg(count() - 2).index &&
                    reg(count() - 1).high == reg(count() - 2).high;
  const std::string_view op = form.operation;
  if (move) out = b;
  else if (same && (op == "XOR" || op == "SUB" || op == "CMP")) out = 0;
  else if (op == "AND" && ((a && *a == 0) || (b && *b == 0))) out = 0;
  else if (op == "OR" && b && *b == low(~std::uint64_t{0}, bits)) out = b;
  else if (a && b) {
    const unsigned shift = static_cast<unsigned>(*b) & (bits == 64 ? 63 : 31);
    if (op == "ADD" || op == "INC") out = *a + *b;
    else if (op == "SUB" || op == "CMP" || op == "DEC") out = *a - *b;
    else if (op == "XOR") out = *a ^ *b;
    else if (op == "AND" || op == "TEST") out = *a & *b;
    else if (op == "OR") out = *a | *b;
    else if (op == "SHL") out = *a << shift;
    else if (op == "SHR") out = *a >> shift;
    else out = static_cast<std::uint64_t>(static_cast<std::int64_t>(extended(*a, bits)) >> shift);
    out = low(*out, bits);
  }
  if (!move) {
    flags_unknown();
    if (out) {
      state_->zero = *out == 0;
      state_->sign = (*out >> (bits - 1)) != 0;
    }
    const bool logical = op == "XOR" || op == "AND" || op == "TEST" || op == "OR";
    if (logical) state_->carry = false, state_->overflow = false;
    if (same && (op == "SUB" || op == "CMP")) state_->carry = false, state_->overflow = false;
    if ((op == "SUB" || op == "CMP") && a && b) {
      const bool sa = (*a >> (bits - 1)) != 0, sb = (*b >> (bits - 1)) != 0;
      state_->carry = *a < *b;
      state_->overflow = sa != sb && state_->sign != sa;
    }
  }
  if (only_flags) return;
  if (memory_first) store(out, bits);
  else set(to, out);
}

}  // namespace

std::unique_ptr<Processor> make_x86_64(bool windows) { return std::make_unique<X86>(windows); }

}  // namespace ftaudit::packages
