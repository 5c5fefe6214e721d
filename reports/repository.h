// Repository: how forges name a file: by its path from the top of the repository, which may lie above the project that
// was audited. Used by the formats that a forge reads.
#pragma once

#include <string>
#include <string_view>

#include "reports/surroundings.h"

namespace ftaudit::reports {

// "ext/core/src/cache.c". A file outside of the project keeps its absolute path.
std::string repository_path(const std::string& file, const Surroundings& around);

// The path as a URI reference, with everything escaped that RFC 3986 wants escaped in a path; "file:///…" where
// absolute.
std::string uri(std::string_view path);

}  // namespace ftaudit::reports
