// Settings that are kept in files: a project's (ftaudit.toml, or [tool.ftaudit] in pyproject.toml) and the user's own
// (config.toml). They are the defaults of the command line: the user's first, the project's over them, FTAUDIT_*
// variables over those, options last. A project says what is looked at and how it is judged; what would run, be opened
// elsewhere or cost without bound it cannot say, and an attempt is told.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "cli/options.h"

namespace ftaudit::cli {

// The file that holds the settings of the project around `path`: looked for in its folder and upwards, to the top of
// the repository, or where there is none to the folder the project is built from, and no further. ftaudit.toml is taken
// before pyproject.toml in the same folder. Empty when there is none. What lies there and is not read, as a stranger's
// file, is told in `warnings`.
fs::path find_configuration(const fs::path& path, std::vector<std::string>& warnings);

// The user's own file; it need not be there.
fs::path user_configuration();

enum class Owner : std::uint8_t { user, project };

// Puts the settings of `file` into `options`, with where each came from. Paths in it are relative to its folder. An
// unknown key, a wrong type or value, or TOML that does not parse is an error that names the file, the line and, where
// there is one, the key that was likely meant. What a project may not set stays as it was, which options.parse.warnings
// says.
Status read_configuration(const fs::path& file, Owner owner, ScanOptions& options);

// FTAUDIT_PYTHON, FTAUDIT_FAIL_ON, FTAUDIT_JOBS.
Status read_environment(ScanOptions& options);

// Every setting there is: its value in these options, as TOML, where it came from ("default"), and what a project may
// not say of it ("").
struct ShownSetting {
  std::string name, value, origin, limit;
};
std::vector<ShownSetting> shown_settings(const ScanOptions& options);

}  // namespace ftaudit::cli
