// Settings a project keeps with its code: ftaudit.toml, or [tool.ftaudit] in pyproject.toml. They are the defaults of
// the command line; FTAUDIT_* variables come over them, options over those.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "cli/options.h"

namespace ftaudit::cli {

// The file that holds settings for `path`: looked for in its folder and upwards, to the top of the repository.
// ftaudit.toml is taken before pyproject.toml in the same folder. Empty when there is none.
fs::path find_configuration(const fs::path& path);

// Puts the settings of `file` into `options`, with where each came from. Paths in it are relative to its folder. An
// unknown key, a wrong type or value, or TOML that does not parse is an error that names the file, the line and, where
// there is one, the key that was likely meant.
Status read_configuration(const fs::path& file, ScanOptions& options);

// FTAUDIT_PYTHON, FTAUDIT_FAIL_ON, FTAUDIT_JOBS.
Status read_environment(ScanOptions& options);

// Every setting there is: its value in these options, as TOML, and where it came from ("default").
struct ShownSetting {
  std::string name, value, origin;
};
std::vector<ShownSetting> shown_settings(const ScanOptions& options);

}  // namespace ftaudit::cli
