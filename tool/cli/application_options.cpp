#include "cli/application_options.h"

#include "base/files.h"

namespace ftaudit::cli {

Status check_application_paths(const std::string& application, const std::vector<std::string>& requirements,
                               const std::vector<std::string>& tests) {
  std::error_code ignored;
  if (!fs::is_directory(application, ignored))
    return Error{application + (fs::exists(application, ignored) ? " is not a folder: unpack it, and name the folder"
                                                                 : ": no such folder")};
  for (const std::string& file : requirements)
    if (!fs::is_regular_file(file, ignored)) return Error{"-r " + file + ": no such file"};
  for (const std::string& test : tests)
    if (!fs::exists(fs::path(application) / test.substr(0, test.find("::")), ignored))
      return Error{"--tests " + test + ": not in " + application};
  return Done{};
}

}  // namespace ftaudit::cli
