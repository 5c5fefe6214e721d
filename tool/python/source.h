// Getting the source archive of a CPython release: a file the user gives, one kept from before, python.org, or Debian's
// source package through the mirror that this machine's apt uses anyway. Whatever the way, it is only handed on with
// the SHA-256 that python_release pins. Used by python_build.
#pragma once

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "python/release.h"

namespace ftaudit::python {

// The verified archive's path: `given` itself when not empty, else in cache_folder()/downloads. The error says what
// each way answered.
Result<fs::path> obtain_source(const PythonRelease& release, const fs::path& given, Progress& progress);

// Fails, naming both sums, unless `file` has the release's SHA-256.
Status verify_source(const PythonRelease& release, const fs::path& file);

}  // namespace ftaudit::python
