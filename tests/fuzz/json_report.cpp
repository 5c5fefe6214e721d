// Any bytes are read as a JSON report; one that is taken can be written in every format, and as JSON it is read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "reports/formats.h"
#include "reports/json_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ftaudit::reports;
  const auto document = read_json({reinterpret_cast<const char*>(data), size});
  if (!document.ok()) return 0;
  for (const Format& format : formats()) {
    std::ostringstream out;
    format.write(out, *document, {});
    if (format.name == std::string_view("json") && !read_json(out.str()).ok()) std::abort();
  }
  return 0;
}
