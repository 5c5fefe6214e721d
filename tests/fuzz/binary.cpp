// What libFuzzer makes up is read as a library of any format, and its declarations followed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "packages/binaries/binary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto binary = ftaudit::packages::read_binary({reinterpret_cast<const char*>(data), size});
  if (!binary.ok()) return binary.message().empty() ? (std::abort(), 0) : 0;
  for (const auto& module : binary->modules)
    if (module.how.empty()) std::abort();  // every answer says where it is from
  return 0;
}
