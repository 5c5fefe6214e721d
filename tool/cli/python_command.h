// `ftaudit python install|list`: the Pythons that a scan can be made against. Prints results on stdout and returns the
// exit code; main parses the options.
#pragma once

#include <string>

namespace ftaudit::cli {

struct PythonInstallOptions {
  std::string version = "3.13t";  // "3.13t", "3.13.5t", "3.14t"; without the t a build with the GIL
  bool headers = false;           // only the headers
  std::string source;             // the release's .tar.xz, when it is not to be fetched
  bool force = false;             // build again, and even where pip could not work
  bool tsan = false;              // with ThreadSanitizer
  unsigned jobs = 0;              // 0: one a core
};

// 0 installed or there already; 2 unknown version or option; 3 it could not be had.
int python_install(const PythonInstallOptions& options);

// 0, or 3 when there is none that a scan could use.
int python_list();

}  // namespace ftaudit::cli
