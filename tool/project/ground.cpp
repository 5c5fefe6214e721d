#include "project/ground.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "project/tree.h"

namespace ftaudit::project {
namespace {

fs::path home() {
  const char* set = std::getenv("HOME");
  std::error_code failed;
  return set != nullptr && *set == '/' ? fs::weakly_canonical(set, failed) : fs::path();
}

bool holds_header(const fs::path& folder) {
  constexpr std::array<std::string_view, 5> suffixes{".h", ".hpp", ".hh", ".hxx", ".inc"};
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
    if (std::ranges::find(suffixes, entry->path().extension().native()) != suffixes.end()) return true;
  return false;
}

// Header folders hold headers, or one folder a library with them.
bool holds_headers(const fs::path& folder) {
  if (holds_header(folder)) return true;
  std::error_code failed, odd;
  int looked_into = 0;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end && looked_into < 100;
       entry.increment(failed))
    if (entry->is_directory(odd) && ++looked_into > 0 && holds_header(entry->path())) return true;
  return false;
}

// A folder of a home whose name begins with a dot is private, but for those that packages are kept in.
bool is_private(const fs::path& folder, const fs::path& own) {
  static constexpr std::array<std::string_view, 15> shared{
      ".local", ".conan", ".conan2", ".vcpkg",       ".venv",      ".virtualenvs", ".pyenv", ".asdf",
      ".cache", ".pixi",  ".rye",    ".nix-profile", ".linuxbrew", ".micromamba",  ".cargo"};
  if (own.empty() || !is_below(folder, own)) return false;
  return std::ranges::any_of(folder.lexically_relative(own), [](const fs::path& part) {
    const std::string& name = part.native();
    return name.starts_with(".") && name != "." && std::ranges::find(shared, name) == shared.end();
  });
}

}  // namespace

fs::path repository_top(const fs::path& root) {
  std::error_code failed;
  const fs::path own = home();
  for (fs::path up = root; up.has_relative_path(); up = up.parent_path()) {
    if (!own.empty() && is_below(own, up)) break;
    if (fs::exists(up / ".git", failed) || fs::exists(up / ".hg", failed)) return up;
  }
  return root;
}

bool is_open_folder(const fs::path& folder, const fs::path& root, const fs::path& top) {
  static constexpr std::array<std::string_view, 4> installed{"/usr", "/opt", "/nix/store", "/Library"};
  static constexpr std::array<std::string_view, 7> closed{"/proc", "/sys", "/dev", "/etc", "/run", "/boot", "/var/lib"};
  std::error_code failed;
  const fs::path real = fs::canonical(folder, failed);
  if (failed || !real.has_relative_path()) return false;
  const auto below_one = [&](auto& folders) {
    return std::ranges::any_of(folders, [&](std::string_view one) { return is_below(real, one); });
  };
  for (const fs::path& own : {root, top})
    if (is_below(real, fs::weakly_canonical(own, failed))) return true;
  if (below_one(installed)) return true;
  const fs::path own = home();
  const bool above_home = !own.empty() && is_below(own, real);
  return !below_one(closed) && !above_home && !is_private(real, own) && holds_headers(real);
}

}  // namespace ftaudit::project
