// Python packages whose C or C++ headers extensions include: cppy, nanobind, numpy, pybind11. Where they lie on this machine,
// and getting those that are missing as wheels, of which only the headers are unpacked; no package's code is run.
// Used by cli: scan adds these folders to a file's include path when the file asks for such a header.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "python/interpreter.h"

namespace ftaudit::python {

struct HeaderPackage {
  std::string_view name;    // on the package index: "pybind11"
  std::string_view header;  // one that is surely there: "pybind11/pybind11.h"
  std::vector<std::string_view>
      folders;  // below site-packages, for the compiler's include path; those that exist count
};

std::span<const HeaderPackage> header_packages();
// The package that ships `header` as it stands in an #include ("numpy/arrayobject.h" -> "numpy"), or "".
std::string package_of_header(std::string_view header);

// Include folders of a package of the table; empty when it is not on this machine. Looked for in the active virtual
// environment, ftaudit's own folder (newest version first), the interpreters' site-packages, Debian's folders, and what
// ftaudit carries.
std::vector<fs::path> find_header_package(std::string_view name);
// With the interpreters that find_interpreters() gave: for who asks for several packages.
std::vector<fs::path> find_header_package(std::string_view name, const std::vector<Interpreter>& interpreters);

// Folders laid out like site-packages in which `package` may lie, in that order.
std::vector<fs::path> package_sites(std::string_view package, const std::vector<Interpreter>& interpreters);

// data_folder()/headers: each child ("pybind11-3.0.1") is laid out like a site-packages folder.
fs::path headers_folder();

// Of a wheel, what `wanted` keeps ("numpy/__init__.pxd": a path; empty: nothing) goes to a folder of that package and
// version below headers_folder(). `whole` says of the unpacked folder what is missing; "" for nothing.
Result<fs::path> unpack_wheel(std::string_view package, const fs::path& wheel,
                              const std::function<bool(std::string_view member)>& wanted,
                              const std::function<std::string(const fs::path&)>& whole);
// The newest wheel through pip, with the user's own settings of it, in `folder`. `for_free_threading`: of the
// free-threaded build, whatever Python runs pip; else of that Python. The error names the package and what pip said
// last.
Result<fs::path> download_wheel(std::string_view package, bool for_free_threading, const fs::path& folder);

// Unpacks the headers of a wheel of `package` below headers_folder(), replacing that version if it is there.
Result<fs::path> install_header_wheel(const HeaderPackage& package, const fs::path& wheel);

// Downloads the newest wheel through pip, with the user's own settings of it, and unpacks its headers. Needs python3
// with pip. The result is the folder; the error names the package and what pip said last.
Result<fs::path> install_header_package(std::string_view name, Progress& progress);

}  // namespace ftaudit::python
