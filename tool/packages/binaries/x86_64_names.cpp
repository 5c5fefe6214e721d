#include "packages/binaries/x86_64_names.h"

#include <charconv>

namespace ftaudit::packages {

Register register_named(std::string_view name) {
  static constexpr std::string_view legacy[] = {"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"};
  if (name == "RIP") return {Register::Kind::instruction_pointer, 0, 64, false};
  if (name.starts_with("XMM")) {
    unsigned index = 0;
    std::from_chars(name.data() + 3, name.data() + name.size(), index);
    return {index < 32 ? Register::Kind::vector : Register::Kind::none, index, 128, false};
  }
  for (unsigned i = 0; i < 8; ++i) {
    const std::string_view base = legacy[i];
    if (name.size() == 3 && name.substr(1) == base && (name[0] == 'R' || name[0] == 'E'))
      return {Register::Kind::general, i, name[0] == 'R' ? 64u : 32u, false};
    if (name == base) return {Register::Kind::general, i, 16, false};
    if (name.size() == 2 && i < 4 && name[0] == base[0] && (name[1] == 'L' || name[1] == 'H'))
      return {Register::Kind::general, i, 8, name[1] == 'H'};
    if (i >= 4 && name.size() == 3 && name.substr(0, 2) == base && name[2] == 'L')
      return {Register::Kind::general, i, 8, false};
  }
  if (name.size() >= 2 && name[0] == 'R' && name[1] >= '0' && name[1] <= '9') {
    unsigned index = 0;
    const char* end = std::from_chars(name.data() + 1, name.data() + name.size(), index).ptr;
    const std::string_view rest(end, static_cast<std::size_t>(name.data() + name.size() - end));
    if (index >= 8 && index < 16)
      return {Register::Kind::general, index, rest == "D" ? 32u : rest == "W" ? 16u : rest == "B" ? 8u : 64u, false};
  }
  return {};
}

Form form_of(std::string_view name) {
  Form out;
  const std::size_t digit = name.find_first_of("0123456789");
  out.operation = name.substr(0, digit);
  if (digit == std::string_view::npos) return out;
  const char* end = std::from_chars(name.data() + digit, name.data() + name.size(), out.bits).ptr;
  out.shape = std::string_view(end, static_cast<std::size_t>(name.data() + name.size() - end));
  if (out.shape.ends_with("_REV")) out.shape.remove_suffix(4);
  return out;
}

}  // namespace ftaudit::packages
