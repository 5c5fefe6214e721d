// The CPythons on this machine, known by their headers: Python.h says the version, pyconfig.h whether the GIL is gone.
// Only files are read; an interpreter is run in one case, when the user named an executable whose prefix holds no
// headers. Used by frontend's flags (through cli), by header_package for site-packages, and by cli and doctor.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::python {

struct Interpreter {
  std::string name;  // "3.13t"; the t marks a free-threaded build
  int major = 0, minor = 0, micro = 0;
  bool free_threaded = false;
  bool tsan = false;    // built with ThreadSanitizer, as its Makefile says
  std::string version;  // as PY_VERSION says: "3.13.5", "3.15.0b1"
  fs::path prefix;      // "/usr"; empty when only a folder of headers was named
  fs::path executable;  // empty: headers only
  std::vector<fs::path>
      include_folders;  // together they hold Python.h and pyconfig.h; give all of them to the compiler
  std::string origin;   // "PATH", "pyenv", "uv", "conda", "system", "opt", "ftaudit", "built in", "--python"
};

// The newest release that is taken when nobody says otherwise; newer ones are known, and taken on request or where a
// project names them.
constexpr int settled_minor = 14;

// The interpreter whose Python.h lies in `folder`; none when it is not CPython or pyconfig.h is nowhere to be found.
// Debian splits pyconfig.h off into /usr/include/x86_64-linux-gnu/python3.13, which is looked at as well.
std::optional<Interpreter> interpreter_of_headers(const fs::path& folder, std::string_view origin);

// Every CPython with headers in one installation prefix, of any version, by name.
std::vector<Interpreter> interpreters_in(const fs::path& prefix, std::string_view origin);

// CPython 3.13 or newer with headers, wherever this machine keeps one, most preferred first: free-threaded before GIL
// builds, those with ThreadSanitizer last, then the newest minor version that is settled, then the machine's own before
// those that ftaudit carries, then the newest patch.
std::vector<Interpreter> find_interpreters();

// Sorts by the preference above; for find_interpreters() and its tests.
void sort_by_preference(std::vector<Interpreter>& interpreters);

// `request`: "" for the most preferred, a name or version ("3.13t", "3.13.5", "3.14"), or the path of an executable, of
// a prefix or of an include folder. The error says what was looked at and how to get one.
Result<Interpreter> choose_interpreter(std::string_view request);
// The same among those that find_interpreters() gave: for who wants more of them than one.
Result<Interpreter> choose_interpreter(std::string_view request, const std::vector<Interpreter>& all);

// For running code: free-threaded, with an executable, and with or without ThreadSanitizer as asked. `request` as
// above,
// "" for the most preferred of version `minor` (0: any).
Result<Interpreter> choose_runner(std::string_view request, bool tsan, int minor = 0);

// What ends a sentence about a Python that is not there: "; `ftaudit python install 3.13t` builds one", or, of a
// version that cannot be installed, which ones can.
std::string how_to_get(const std::string& version, const std::string& what = "one", bool tsan = false);

}  // namespace ftaudit::python
