#include "cli/shard.h"

namespace ftaudit::cli {

std::string read_shard(const std::string& text, Shard& shard) {
  const std::size_t slash = text.find('/');
  const auto number = [](const std::string& digits) {
    return !digits.empty() && digits.size() < 7 && digits.find_first_not_of("0123456789") == std::string::npos
               ? std::stoul(digits)
               : 0ul;
  };
  shard.number = static_cast<unsigned>(number(text.substr(0, slash)));
  shard.of = slash == std::string::npos ? 0 : static_cast<unsigned>(number(text.substr(slash + 1)));
  return shard.number == 0 || shard.number > shard.of
             ? "--shard " + text + ": expected I/N with I from 1 to N, like 2/8"
             : "";
}

}  // namespace ftaudit::cli
