// The releases of CPython that ftaudit can build, with the SHA-256 that their source archive must have. The archive is
// the one that python.org publishes (Python-3.13.5.tar.xz); Debian's .orig.tar.xz of the same version is the same file.
// Used by python_source, python_build and cli. A newer patch release is one line in the .cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ftaudit::python {

struct PythonRelease {
  std::string_view version;  // "3.13.5"
  std::string_view sha256;   // of Python-<version>.tar.xz

  std::string minor() const { return std::string(version.substr(0, version.rfind('.'))); }  // "3.13"
  std::string archive() const { return "Python-" + std::string(version) + ".tar.xz"; }
  // Where it lies below a Debian repository, for as long as one of its suites has that version.
  std::string debian_archive() const {
    return "pool/main/p/python" + minor() + "/python" + minor() + "_" + std::string(version) + ".orig.tar.xz";
  }
};

std::span<const PythonRelease> python_releases();

// What `ftaudit python install` was asked for.
struct PythonChoice {
  const PythonRelease* release = nullptr;
  bool free_threaded = true;
  bool tsan = false;       // built with ThreadSanitizer
  bool optimized = false;  // guided by a profile and optimised at link time, as distributions build theirs

  std::string name() const { return release->minor() + (free_threaded ? "t" : ""); }  // "3.13t"
  // "3.13t-3.13.5", "3.13t-tsan-3.13.5", "3.13t-optimized-3.13.5"
  std::string folder_name() const {
    return name() + (tsan ? "-tsan-" : optimized ? "-optimized-" : "-") + std::string(release->version);
  }
};

// "3.13t", "3.13.5t", "3.14t"; without the t a build with the GIL. The error names what there is.
Result<PythonChoice> choose_release(std::string_view request);

}  // namespace ftaudit::python
