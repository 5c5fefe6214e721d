// `ftaudit headers install|list`: headers of packages that extensions include (pybind11, nanobind, numpy). Prints
// results on stdout and returns the exit code; main parses the options.
#pragma once

#include <string>
#include <vector>

namespace ftaudit::cli {

// The newest version of each. 0 all installed; 2 a package ftaudit does not know (nothing is fetched then); 3 one could
// not be had, and those after it were not tried.
int headers_install(const std::vector<std::string>& packages);

// Which packages' headers a scan would find, and where. Always 0.
int headers_list();

}  // namespace ftaudit::cli
