// arm64: moves, address arithmetic, loads and stores, comparisons, calls and jumps on known numbers. Everything else
// leaves unknown what it writes.
#include <charconv>

#include "packages/binaries/decoder.h"
#include "packages/binaries/processor.h"

namespace ftaudit::packages {
namespace {

constexpr unsigned stack = 31, zero = 32, link = 30, none = 99;

struct Register {
  unsigned index = none;
  unsigned bits = 64;
  bool vector = false;
};

Register register_named(std::string_view name) {
  if (name == "SP") return {stack, 64};
  if (name == "WSP") return {stack, 32};
  if (name == "XZR") return {zero, 64};
  if (name == "WZR") return {zero, 32};
  if (name == "FP") return {29, 64};
  if (name == "LR") return {link, 64};
  if (name.size() < 2 || name.find('_') != std::string_view::npos) return {};
  unsigned index = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), index);
  if (error != std::errc{} || end != name.data() + name.size() || index > 31) return {};
  switch (name[0]) {
    case 'X': return {index, 64};
    case 'W': return {index, 32};
    case 'Q': return {index, 128, true};
    case 'D': return {index, 64, true};
    default: return {};
  }
}

class Arm final : public Processor {
 public:
  Arm() : decoder_("aarch64") {
    for (unsigned i = 0; i < decoder_.registers(); ++i) registers_.push_back(register_named(decoder_.register_name(i)));
  }

  Effect step(PathState& state) override {
    llvm::MCInst in;
    Effect effect;
    effect.size = decoder_.decode(state.image->bytes(state.at).substr(0, 4), state.at, in);
    if (effect.size == 0) return {.kind = Effect::Kind::stop};
    state_ = &state;
    in_ = &in;
    name_ = decoder_.name(in);
    if (!control(effect) && !memory() && !integer()) otherwise();
    return effect;
  }

  std::array<Value, 4> arguments(const PathState& s) const override {
    return {s.general[0], s.general[1], s.general[2], s.general[3]};
  }
  void start(PathState& state) const override { state.general[stack] = PathState::stack_top, state.general[zero] = 0; }
  void enter(PathState&, std::uint64_t) const override {}
  void leave(PathState&) const override {}
  void give(PathState& state, Value result) const override {
    for (unsigned i = 1; i <= 18; ++i) state.general[i].reset();
    for (auto& vector : state.vectors) vector.fill(std::nullopt);
    state.general[0] = result;
    forget_flags(state);
  }
  Value result(const PathState& state) const override { return state.general[0]; }

 private:
  static void forget_flags(PathState& state) {
    state.zero.reset(), state.sign.reset(), state.carry.reset(), state.overflow.reset();
  }

  Register reg(unsigned i) const {
    if (i >= in_->getNumOperands() || !in_->getOperand(i).isReg() || in_->getOperand(i).getReg() >= registers_.size())
      return {};
    return registers_[in_->getOperand(i).getReg()];
  }
  Value imm(unsigned i) const {
    return i < in_->getNumOperands() && in_->getOperand(i).isImm()
               ? Value(static_cast<std::uint64_t>(in_->getOperand(i).getImm()))
               : std::nullopt;
  }
  Value get(Register from) const {
    if (from.index == none || from.vector) return std::nullopt;
    const Value whole = from.index == zero ? Value(0) : state_->general[from.index];
    return whole && from.bits == 32 ? Value(*whole & 0xffff'ffffu) : whole;
  }
  void set(Register to, Value value) {
    if (to.index >= zero || to.vector) return;
    state_->general[to.index] = value && to.bits == 32 ? Value(*value & 0xffff'ffffu) : value;
  }
  static Value sum(Value a, Value b) { return a && b ? Value(*a + *b) : std::nullopt; }
  Value ahead(unsigned operand) const {  // branch targets count in instructions
    const Value words = imm(operand);
    return words ? Value(state_->at + *words * 4) : std::nullopt;
  }

  std::optional<bool> condition(std::uint64_t code) const {
    const PathState& s = *state_;
    std::optional<bool> holds;
    switch (code >> 1) {
      case 0: holds = s.zero; break;
      case 1: holds = s.carry; break;
      case 2: holds = s.sign; break;
      case 3: holds = s.overflow; break;
      case 4:
        if (s.carry && s.zero) holds = *s.carry && !*s.zero;
        break;
      case 5:
        if (s.sign && s.overflow) holds = *s.sign == *s.overflow;
        break;
      case 6:
        if (s.zero && s.sign && s.overflow) holds = !*s.zero && *s.sign == *s.overflow;
        break;
      default: return true;
    }
    return holds && (code & 1) != 0 ? std::optional<bool>(!*holds) : holds;
  }

  bool control(Effect& effect) {
    using Kind = Effect::Kind;
    if (name_ == "B" || name_ == "BL")
      return effect.kind = name_ == "B" ? Kind::jump : Kind::call, effect.target = ahead(0), true;
    if (name_ == "BR" || name_ == "BLR" || name_.starts_with("BRA") || name_.starts_with("BLRA"))
      return effect.kind = name_.starts_with("BL") ? Kind::call : Kind::jump, effect.target = get(reg(0)), true;
    if (name_ == "RET" || name_ == "RETAA" || name_ == "RETAB") return effect.kind = Kind::give_back, true;
    if (name_ == "Bcc")
      return effect.kind = Kind::branch, effect.target = ahead(1), effect.taken = condition(imm(0).value_or(14)), true;
    if (name_.starts_with("CBZ") || name_.starts_with("CBNZ")) {
      const Value value = get(reg(0));
      effect.kind = Kind::branch, effect.target = ahead(1);
      if (value) effect.taken = (*value == 0) == (name_[2] == 'Z');
      return true;
    }
    if (name_.starts_with("TBZ") || name_.starts_with("TBNZ")) {
      const Value value = get(reg(0)), bit = imm(1);
      effect.kind = Kind::branch, effect.target = ahead(2);
      if (value && bit) effect.taken = ((*value >> (*bit & 63)) & 1) == (name_[2] == 'Z' ? 0u : 1u);
      return true;
    }
    if (name_ == "BRK" || name_ == "UDF" || name_ == "HLT") return effect.kind = Kind::stop, true;
    return false;
  }

  void load(unsigned to, Value at, unsigned bytes) {
    const Register target = reg(to);
    if (!target.vector) return set(target, at ? state_->load(*at, bytes) : std::nullopt);
    auto& lane = state_->vectors[target.index];
    lane.fill(0);
    for (unsigned i = 0; i < bytes; ++i) {
      const Value byte = at ? state_->load(*at + i, 1) : std::nullopt;
      lane[i] = byte ? std::optional<std::uint8_t>(static_cast<std::uint8_t>(*byte)) : std::nullopt;
    }
  }
  void store(unsigned from, Value at, unsigned bytes) {
    const Register source = reg(from);
    if (!at) return;
    if (!source.vector) return state_->store(*at, get(source), bytes);
    for (unsigned i = 0; i < bytes; ++i) state_->written[*at + i] = state_->vectors[source.index][i];
  }

  // LDRXui, STPXpre, LDRBBui, LDURXi, STRQui, ...: direction, pair or one, width, and how the address is made.
  bool memory() {
    const bool loads = name_.starts_with("LD"), stores = name_.starts_with("ST");
    if (!loads && !stores) return false;
    std::string_view rest = name_.substr(2);
    const bool pair = rest.starts_with("P");
    if (pair) rest.remove_prefix(1);
    else if (rest.starts_with("R")) rest.remove_prefix(1);
    else if (rest.starts_with("UR")) rest.remove_prefix(2);
    else return false;
    static constexpr struct {
      std::string_view name;
      unsigned bytes;
    } widths[] = {{"BB", 1}, {"HH", 2}, {"X", 8}, {"W", 4}, {"Q", 16}, {"D", 8}};
    unsigned bytes = 0;
    for (const auto& [name, n] : widths)
      if (bytes == 0 && rest.starts_with(name)) bytes = n, rest.remove_prefix(name.size());
    if (bytes == 0) return false;
    const bool before = rest == "pre", later = rest == "post",
               scaled = rest == "ui" || (pair && (rest == "i" || before || later)), plain = rest == "i";
    if (rest == "l" && loads) return load(0, ahead(1), bytes), true;
    if (rest == "roX") {
      const Value index = get(reg(2)), shifted = imm(4);
      const Value at = sum(get(reg(1)), index && shifted ? Value(*index * (*shifted != 0 ? bytes : 1)) : Value());
      return loads ? load(0, at, bytes) : store(0, at, bytes), true;
    }
    if (!before && !later && !scaled && !plain) return false;
    // With write-back the base comes first, as what is written, and again as what is read.
    const unsigned first = before || later ? 1 : 0, base = first + (pair ? 2 : 1);
    const Value offset = imm(base + 1) && scaled ? Value(*imm(base + 1) * bytes) : imm(base + 1);
    const Value from = get(reg(base)), moved = sum(from, offset), at = later ? from : moved;
    for (unsigned i = 0; i < (pair ? 2u : 1u); ++i) {
      const Value place = at ? Value(*at + i * bytes) : std::nullopt;
      loads ? load(first + i, place, bytes) : store(first + i, place, bytes);
    }
    if (before || later) set(reg(base), moved);
    return true;
  }

  void compare(Value a, Value b, unsigned bits, bool add) {
    forget_flags(*state_);
    if (!a || !b) return;
    const std::uint64_t mask = bits == 32 ? 0xffff'ffffu : ~std::uint64_t{0};
    const std::uint64_t out = (add ? *a + *b : *a - *b) & mask;
    const auto negative = [bits](std::uint64_t v) { return ((v >> (bits - 1)) & 1) != 0; };
    state_->zero = out == 0, state_->sign = negative(out);
    state_->carry = add ? out < (*a & mask) : (*a & mask) >= (*b & mask);
    state_->overflow = add ? negative(*a) == negative(*b) && negative(out) != negative(*a)
                           : negative(*a) != negative(*b) && negative(out) != negative(*a);
  }

  bool integer() {
    if (name_ == "HINT" || name_ == "NOP" || name_ == "DMB") return true;
    if (name_ == "ADRP" || name_ == "ADR") {
      const Value pages = imm(1);
      return set(reg(0), !pages           ? Value()
                         : name_ == "ADR" ? Value(state_->at + *pages)
                                          : Value((state_->at & ~std::uint64_t{0xfff}) + *pages * 4096)),
             true;
    }
    if (name_ == "MOVZXi" || name_ == "MOVZWi" || name_ == "MOVNXi" || name_ == "MOVNWi") {
      const Value part = imm(1), shift = imm(2);
      if (!part || !shift) return false;
      const std::uint64_t value = *part << (*shift & 63);
      return set(reg(0), name_[3] == 'Z' ? value : ~value), true;
    }
    if (name_ == "MOVKXi" || name_ == "MOVKWi") {
      const Value old = get(reg(1)), part = imm(2), shift = imm(3);
      if (!part || !shift) return false;
      return set(reg(0), old ? Value((*old & ~(std::uint64_t{0xffff} << (*shift & 63))) | (*part << (*shift & 63)))
                             : std::nullopt),
             true;
    }
    if (name_ == "MOVIv2d_ns" || name_ == "MOVID") {
      const Register to = reg(0);
      if (to.vector && imm(1) == 0) return state_->vectors[to.index].fill(0), true;
      return false;
    }
    const bool add = name_.starts_with("ADD"), subtract = name_.starts_with("SUB");
    if (add || subtract) {
      const std::string_view rest = name_.substr(3);
      const bool flags = rest.starts_with("S");
      const std::string_view shape = flags ? rest.substr(1) : rest;
      if (shape != "Xri" && shape != "Wri" && shape != "Xrs" && shape != "Wrs") return false;
      const Value a = get(reg(1)), shift = imm(3);
      Value b = shape.ends_with("i") ? imm(2) : get(reg(2));
      if (!shift || (shape.ends_with("s") && *shift > 63)) b.reset();
      else if (b) *b <<= *shift & 63;
      if (flags) compare(a, b, shape[0] == 'W' ? 32 : 64, add);
      set(reg(0), a && b ? Value(add ? *a + *b : *a - *b) : std::nullopt);
      return true;
    }
    if (name_ == "ORRXrs" || name_ == "ORRWrs" || name_ == "EORXrs" || name_ == "EORWrs") {
      const Value a = get(reg(1)), b = get(reg(2));
      if (imm(3) != 0) return false;
      return set(reg(0), a && b ? Value(name_[0] == 'O' ? *a | *b : *a ^ *b) : std::nullopt), true;
    }
    if (name_.starts_with("CSEL") || name_.starts_with("CSINC")) {
      const Value a = get(reg(1)), b = get(reg(2));
      const std::optional<bool> holds = condition(imm(3).value_or(14));
      const Value other = b && name_.starts_with("CSINC") ? Value(*b + 1) : b;
      return set(reg(0), holds ? (*holds ? a : other) : std::nullopt), true;
    }
    return false;
  }

  void otherwise() {
    for (unsigned i = 0; i < std::min(decoder_.written_operands(*in_), in_->getNumOperands()); ++i) {
      const Register to = reg(i);
      if (to.index < zero && !to.vector) state_->general[to.index].reset();
      if (to.index < 32 && to.vector) state_->vectors[to.index].fill(std::nullopt);
    }
    if (decoder_.writes_implicitly(*in_, "NZCV")) forget_flags(*state_);
  }

  Decoder decoder_;
  std::vector<Register> registers_;
  PathState* state_ = nullptr;
  const llvm::MCInst* in_ = nullptr;
  std::string_view name_;
};

}  // namespace

std::unique_ptr<Processor> make_aarch64() { return std::make_unique<Arm>(); }

}  // namespace ftaudit::packages
