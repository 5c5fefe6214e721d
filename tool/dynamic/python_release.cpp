#include "dynamic/python_release.h"

namespace ftaudit::dynamic {
namespace {

constexpr PythonRelease releases[] = {
    {"3.13.5", "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640", "python3.13", "trixie"},
    {"3.14.4", "d923c51303e38e249136fc1bdf3568d56ecb03214efdef48516176d3d7faaef8", "", ""},
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

}  // namespace ftaudit::dynamic
