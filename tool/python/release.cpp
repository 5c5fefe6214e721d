#include "python/release.h"

namespace ftaudit::python {
namespace {

constexpr PythonRelease releases[] = {
    {"3.13.5", "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640"},
    {"3.14.6", "143b1dddefaec3bd2e21e3b839b34a2b7fb9842272883c576420d605e9f30c63"},
    {"3.15.2", "8b5536d280142ecf6cdfe15d12a21ba1c65e300bbf7b28a8d0cdb849575797de"},
};

}  // namespace

std::span<const PythonRelease> python_releases() { return releases; }

Result<PythonChoice> choose_release(std::string_view request) {
  PythonChoice choice;
  choice.free_threaded = request.ends_with('t');
  const std::string_view number = choice.free_threaded ? request.substr(0, request.size() - 1) : request;
  std::string there;
  for (const PythonRelease& release : releases) {
    if (number == release.version || number == release.minor()) {
      choice.release = &release;
      return choice;
    }
    there += (there.empty() ? "" : ", ") + release.minor() + "t (" + std::string(release.version) + ")";
  }
  return Error{"ftaudit cannot install Python '" + std::string(request) + "'; it can install " + there};
}

}  // namespace ftaudit::python
