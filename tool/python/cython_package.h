// What Cython sources are translated with: Cython itself, and the declarations (.pxd) of packages that they cimport
// from. Where both lie on this machine, and getting them as wheels; nothing of a wheel is run but Cython.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "python/interpreter.h"

namespace ftaudit::python {

constexpr std::string_view cython = "cython";

// Folders that may hold a Cython, in the order in which they are asked: laid out like site-packages.
std::vector<fs::path> cython_sites(const std::vector<Interpreter>& interpreters);

// The newest version of each package fetched before that declares something to Cython, sorted.
std::vector<fs::path> declaration_folders();

// Fetches Cython, or the declarations and headers of another package. The result is the folder.
Result<fs::path> install_for_cython(std::string_view package, Progress& progress);

}  // namespace ftaudit::python
