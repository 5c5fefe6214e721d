// Moves and arithmetic of general registers and memory, and the flags that they set.
#include <algorithm>
#include <charconv>

#include "packages/binaries/x86_64.h"

namespace ftaudit::packages {

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

}  // namespace ftaudit::packages
