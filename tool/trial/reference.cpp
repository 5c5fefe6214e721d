#include "trial/reference.h"

namespace ftaudit::trial {

std::span<const ReferenceRow> reference_rows() {
  static constexpr ReferenceRow rows[] = {
      {"mandelbrot", "arithmetic"},
      {"chaos", "objects and methods"},
      {"telco", "decimal arithmetic"},
      {"pickled", "serialising"},
      {"json_text", "serialising"},
      {"regex", "native code that keeps the GIL"},
      {"sha256", "native code that lets the GIL go"},
      {"monte_carlo", "arithmetic"},
      {"asyncio_tasks", "event loop"},
      {"shared_objects", "threads on the same objects"},
      {"dates", "small objects"},
      {"http_wait", "requests that wait", "/wait"},
      {"http_compute", "requests that compute", "/compute"},
      {"http_pool", "requests that compute in a pool of threads", "/pool"},
  };
  return rows;
}

std::string reference_names() {
  std::string out;
  for (const ReferenceRow& row : reference_rows()) out += (out.empty() ? "" : ", ") + std::string(row.name);
  return out;
}

std::string reference_service() { return "python -m ftaudit_reference_http {port}"; }

}  // namespace ftaudit::trial
