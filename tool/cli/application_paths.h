// What `trial` and `adopt` are pointed at: an application's folder, its requirements files, tests of it. Used by both.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace ftaudit::cli {

// The files and folders that are named must be there; the error says which is not, and what to name instead. A test may
// name what is in its file: "tests/test_a.py::test_b".
Status check_application_paths(const std::string& application, const std::vector<std::string>& requirements,
                               const std::vector<std::string>& tests);

}  // namespace ftaudit::cli
