#include "capi/bytes.h"

#include <algorithm>
#include <array>

namespace ftaudit::capi {

namespace {

constexpr std::array<std::string_view, 9> names{"memcpy", "memmove", "mempcpy", "memccpy",       "memset",
                                                "memcmp", "bcopy",   "bzero",   "explicit_bzero"};

}  // namespace

// __builtin_memcpy, __builtin___memcpy_chk, __memcpy_chk, std::memcpy and memcpy are one function.
bool works_on_bytes(std::string_view name) {
  for (const std::string_view prefix :
       {std::string_view("std::"), std::string_view("__builtin_"), std::string_view("__")})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  if (name.ends_with("_chk")) name.remove_suffix(4);
  return std::ranges::find(names, name) != names.end();
}

}  // namespace ftaudit::capi
