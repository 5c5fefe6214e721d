// Unpacking archives that somebody else made (a release of CPython, a wheel) without trusting their member names:
// nothing is ever written outside the target folder. Only the members asked for are written; links are not.
// Used by python_build and header_package.
#pragma once

#include <functional>
#include <string_view>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::python {

// Where a member ("Python-3.13.5/Include/Python.h") goes, relative to the target folder; empty: it is left out.
using Placement = std::function<fs::path(std::string_view member)>;

// Unpacks tar (any compression) or zip into `folder`, which is made when missing. A member with an absolute path or
// "..", a link where `placement` wants a file, or more than 4 GiB in all is an error; what was written before stays.
Status unpack(const fs::path& archive, const fs::path& folder, const Placement& placement);

}  // namespace ftaudit::python
