// What lock calls that come back without the lock return, where that is one number: a comparison with it decides as
// much as one with 0. Source: POSIX; ISO C11, 7.26.4; the manuals of SQLite, SDL and libuv; Linux's numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ftaudit::capi {

// Nothing where several numbers may tell, or where it is 0.
std::optional<std::int64_t> result_without_lock(std::string_view call);

// Makes a mutex of the memory that its first argument leads to: nobody else can have it at that time.
bool makes_mutex(std::string_view call);

}  // namespace ftaudit::capi
