// Functions that work on so many bytes of memory, whatever is in them: memcpy, memset, bcopy. Which argument they write
// through and which they only read through is writes_through's and reads_through's in capi.h. A table of facts.
// Source: C23, [memory]; POSIX.1-2024.
#pragma once

#include <string_view>

namespace ftaudit::capi {

bool works_on_bytes(std::string_view name);

}  // namespace ftaudit::capi
