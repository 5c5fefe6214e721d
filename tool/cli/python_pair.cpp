#include "cli/python_pair.h"

#include "base/exit_code.h"
#include "base/log.h"

namespace ftaudit::cli {

Result<python::Interpreter> twin_with_gil(const std::string& request, const std::string& version) {
  const std::vector<python::Interpreter> all = python::find_interpreters();
  for (const bool own : {true, false})
    for (const python::Interpreter& one : all) {
      const bool fits = request.empty() ? one.version == version : one.name == request || one.version == request;
      if (fits && !one.free_threaded && !one.tsan && !one.executable.empty() && (one.origin == "ftaudit") == own)
        return one;
    }
  const std::string wanted = request.empty() ? version : request;
  const bool has_patch = wanted.rfind('.') > wanted.find('.');
  return Error{"no CPython " + wanted + " with the GIL to compare with" +
               python::how_to_get(has_patch ? wanted.substr(0, wanted.rfind('.')) : wanted, "the twin")};
}

std::optional<PythonPair> choose_pair(const std::string& python, const std::string& gil_python, int& code) {
  Result<python::Interpreter> gil = gil_python.empty() ? python::Interpreter{} : twin_with_gil(gil_python, "");
  if (!gil.ok()) return log::error(gil.message()), code = exit_with::usage, std::nullopt;
  Result<python::Interpreter> free = python::choose_runner(python, false);
  if (!free.ok())
    return log::error(free.message()), code = python.empty() ? exit_with::incomplete : exit_with::usage, std::nullopt;
  if (gil_python.empty()) gil = twin_with_gil("", free->version);
  if (!gil.ok()) return log::error(gil.message()), code = exit_with::incomplete, std::nullopt;
  return PythonPair{std::move(*free), std::move(*gil)};
}

}  // namespace ftaudit::cli
