// The two CPythons that an application is compared on: a free-threaded one, and the same version with its GIL. Used by
// the commands that run both.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "python/interpreter.h"

namespace ftaudit::cli {

// `request`: a name or a version, "" for the one of that `version`. ftaudit's own come first: they are built in one
// way. The error says how to get one.
Result<python::Interpreter> twin_with_gil(const std::string& request, const std::string& version);

struct PythonPair {
  python::Interpreter free, gil;
};

// Both, as the command line names them ("" for any). Where there is none of one, that is said and `code` is what to end
// with: usage for one that was asked for by name, whatever else is missing on this machine.
std::optional<PythonPair> choose_pair(const std::string& python, const std::string& gil_python, int& code);

}  // namespace ftaudit::cli
