// Any bytes are what a child says of a project; what is taken says the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "project/sending.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto project = ftaudit::project::project_from_bytes({reinterpret_cast<const char*>(data), size});
  if (!project.ok()) return 0;
  const auto again = ftaudit::project::project_from_bytes(ftaudit::project::to_bytes(*project));
  if (!again.ok() || again->units.size() != project->units.size()) std::abort();
  return 0;
}
