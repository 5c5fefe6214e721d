// Moves of whole vectors and of their halves, byte by byte as far as bytes are known.
#include <algorithm>

#include "packages/binaries/x86_64.h"

namespace ftaudit::packages {

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

}  // namespace ftaudit::packages
