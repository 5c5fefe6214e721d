// Any bytes are read as a kept document; what is taken for one says the same when it is written down and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "finding/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = ftaudit::document_from_bytes({reinterpret_cast<const char*>(data), size});
  if (!document.ok()) return 0;
  const std::string bytes = ftaudit::to_bytes(*document);
  const auto again = ftaudit::document_from_bytes(bytes);
  if (!again.ok() || ftaudit::to_bytes(*again) != bytes) std::abort();
  return 0;
}
