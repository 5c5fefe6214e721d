// The readers behind read_input, one for each kind of file, and the few steps they share. None executes or fetches
// anything; what a file says in vain becomes a remark with its line. Used within packages.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "packages/inputs/wanted.h"

namespace ftaudit::packages {

struct Reading {
  const InputOptions& options;
  Environment environment;  // of the target
  Input input;              // what has been read so far

  explicit Reading(const InputOptions& with) : options(with), environment(marker_environment(with.target)) {}
  void remark(const Origin& origin, std::string what, bool lost = true) {
    input.remarks.push_back({origin, std::move(what), lost});
  }
  // Parses and adds a requirement unless its marker leaves it out; what cannot be read becomes a remark.
  void add_requirement(std::string_view text, const Origin& origin, std::span<const std::string> extras = {});
};

// At most this much of one file is read: a lock file of a large application has a few megabytes.
inline constexpr std::uintmax_t input_file_limit = std::uintmax_t{64} << 20;

// The file as UTF-8 (UTF-16 with a byte order mark, as PowerShell writes it, too), without byte order mark.
Result<std::string> read_text(const fs::path& file);

Status read_requirement_file(const fs::path& file, Reading& reading);
Status read_pyproject(const fs::path& file, Reading& reading);
Status read_uv_lock(const fs::path& file, Reading& reading);
Status read_poetry_lock(const fs::path& file, Reading& reading);
Status read_pylock(const fs::path& file, Reading& reading);
Status read_pipfile_lock(const fs::path& file, Reading& reading);
Status read_environment(const fs::path& site_packages, Reading& reading);

// "^1.2", "~1.2", "1.*", ">=1,<2" as Poetry writes them, in PEP 440's words. An error where there are none ("1 || 3").
Result<std::string> poetry_constraint(std::string_view text);

}  // namespace ftaudit::packages
