#include "cython/versions.h"

#include <charconv>
#include <utility>

namespace ftaudit::cython {
namespace {

// {3, 2} of "3.2.9"; zeros where it does not say.
std::pair<int, int> numbers(std::string_view version) {
  std::pair<int, int> out{0, 0};
  const auto [end, failed] = std::from_chars(version.data(), version.data() + version.size(), out.first);
  if (failed == std::errc() && end < version.data() + version.size() && *end == '.')
    std::from_chars(end + 1, version.data() + version.size(), out.second);
  return out;
}

}  // namespace

bool does_without_gil(std::string_view version) { return numbers(version) >= std::pair(3, oldest_minor); }
bool guards_accessors(std::string_view version) { return numbers(version) >= std::pair(3, 3); }

}  // namespace ftaudit::cython
