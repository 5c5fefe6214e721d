#include "cli/python_pair.h"

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

}  // namespace ftaudit::cli
