#include "cli/project_limits.h"

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "cli/configuration.h"

namespace ftaudit::cli {
namespace {

// "3.13t": which headers, of those that this machine has.
bool is_version(std::string_view text) {
  if (text.ends_with('t')) text.remove_suffix(1);
  return text.starts_with("3.") && text.size() > 2 && text.size() < 8 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// Below the folder of the settings, wherever links in it lead.

bool lies_below(const std::string& path, const fs::path& folder) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(folder / path, failed);
  const std::string shown = shown_path(real, fs::weakly_canonical(folder, failed));
  return !failed && !shown.starts_with("/");
}

unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }

constexpr std::size_t most_wrappers = 1000;

}  // namespace

std::string refuse_program(const std::string& text) {
  return text.empty() || is_version(text)
             ? ""
             : "it names a program; give --python, FTAUDIT_PYTHON or set it in " + user_configuration().string();
}

std::string refuse_outside(const std::vector<std::string>& paths, const fs::path& folder) {
  for (const std::string& path : paths)
    if (!path.empty() && !lies_below(path, folder)) return "it lies outside " + folder.string();
  return "";
}

std::string refuse_special(const std::string& path, const fs::path& folder) {
  if (std::string outside = refuse_outside({path}, folder); !outside.empty()) return outside;
  std::error_code failed;
  const fs::path file = folder / path;
  return !path.empty() && fs::exists(file, failed) && !fs::is_regular_file(file, failed) ? "it is no regular file" : "";
}

std::string refuse_many(std::int64_t jobs) {
  return jobs > static_cast<std::int64_t>(cores())
             ? "it is more than the " + counted(cores(), "core") + " of this machine; -j or FTAUDIT_JOBS ask for more"
             : "";
}

std::string refuse_long(std::size_t entries) {
  return entries > most_wrappers ? "it has more than " + std::to_string(most_wrappers) + " entries" : "";
}

}  // namespace ftaudit::cli
