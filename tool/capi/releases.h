// Which release of CPython brought a name of its C API, for those whose absence is met in practice: code that is
// written for a newer one does not read with older headers. And how binding libraries say which release they are. Used
// by frontend.
#pragma once

#include <string_view>

namespace ftaudit::capi {

// The minor number of the release, 14 for 3.14; 0 for names that 3.13 has and for those that nothing is known of.
int came_with(std::string_view name);
// A binding library's headers define it as the major number of their release (pybind11: detail/common.h; nanobind:
// nanobind.h).
bool numbers_binding(std::string_view macro);

}  // namespace ftaudit::capi
