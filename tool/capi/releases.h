// Which release of CPython brought a name of its C API, for those whose absence is met in practice: code that is
// written for a newer one does not read with older headers. Used by frontend.
#pragma once

#include <string_view>

namespace ftaudit::capi {

// The minor number of the release, 14 for 3.14; 0 for names that 3.13 has and for those that nothing is known of.
int came_with(std::string_view name);

}  // namespace ftaudit::capi
