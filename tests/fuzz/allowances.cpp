// Any bytes are read as a comment that may allow findings; what it is taken for names no control characters of its own
// making.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "finding/allowances.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view comment(reinterpret_cast<const char*>(data), size);
  for (const bool alone : {false, true}) {
    std::vector<ftaudit::Allowance> found = ftaudit::allowances_in(comment, alone);
    for (const ftaudit::Allowance& one : found)
      for (const std::string& selector : one.selectors)
        if (selector.size() > size) std::abort();
    ftaudit::Document document;
    ftaudit::Allowances all(std::move(found), {}, "2026-01-31");
    all.apply(document);
    if (all.troubles([](auto) { return true; }, [](const auto&) { return true; }).size() > size * 4 + 4) std::abort();
  }
  return 0;
}
