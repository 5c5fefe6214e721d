// Any bytes are read as a baseline; one that is taken is read again from its own text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "finding/baseline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto baseline = ftaudit::Baseline::parse({reinterpret_cast<const char*>(data), size});
  if (!baseline.ok()) return 0;
  ftaudit::Document document;
  baseline->apply(document);
  const auto again = ftaudit::Baseline::parse(baseline->text());
  if (!again.ok() || again->text() != baseline->text()) std::abort();
  return 0;
}
