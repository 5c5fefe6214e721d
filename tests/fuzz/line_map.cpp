// Any bytes are read as the difference of two states; no line of the later one is before the first of the earlier.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "project/repository.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ftaudit::project::LineMap map({reinterpret_cast<const char*>(data), size});
  for (const char* file : {"a.c", "b.c"}) {
    map.earlier_file(file);
    for (std::uint32_t line = 1; line < 40; ++line) map.earlier_line(file, line);
  }
  return 0;
}
