// The two CPythons that an application is compared on: a free-threaded one, and the same version with its GIL. Used by
// the commands that run both.
#pragma once

#include <string>

#include "base/result.h"
#include "python/interpreter.h"

namespace ftaudit::cli {

// `request`: a name or a version, "" for the one of that `version`. ftaudit's own come first: they are built in one
// way. The error says how to get one.
Result<python::Interpreter> twin_with_gil(const std::string& request, const std::string& version);

}  // namespace ftaudit::cli
