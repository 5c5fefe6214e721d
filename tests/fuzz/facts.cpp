// Any bytes are read as the facts of a unit; what is taken for facts says the same when it is written down and read
// again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "model/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = ftaudit::model::from_bytes({reinterpret_cast<const char*>(data), size});
  if (!facts.ok()) return 0;
  const std::string bytes = ftaudit::model::to_bytes(*facts);
  const auto again = ftaudit::model::from_bytes(bytes);
  if (!again.ok() || ftaudit::model::to_bytes(*again) != bytes) std::abort();
  return 0;
}
