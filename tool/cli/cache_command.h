// `ftaudit cache info` and `ftaudit cache clear`.
#pragma once

namespace ftaudit::cli {

int cache_info();
int cache_clear();

}  // namespace ftaudit::cli
