#include "python/header_package.h"

#include "made_archive.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::python;

namespace {

const HeaderPackage& package(std::string_view name) {
  for (const HeaderPackage& one : header_packages())
    if (one.name == name) return one;
  FAIL("no such package");
  std::abort();
}

}  // namespace

TEST_CASE("a header names its package by its folder") {
  CHECK(package_of_header("pybind11/stl.h") == "pybind11");
  CHECK(package_of_header("cppy/cppy.h") == "cppy");
  CHECK(package_of_header("nanobind/nanobind.h") == "nanobind");
  CHECK(package_of_header("numpy/arrayobject.h") == "numpy");
  CHECK(package_of_header("numpy.h") == "");
  CHECK(package_of_header("pybind11") == "");
  CHECK(package_of_header("numpyish/a.h") == "");
}

TEST_CASE("of a wheel only the headers are unpacked, and they are found again") {
  const Surroundings machine;
  const fs::path wheel = make_archive(machine.home() / "nanobind-2.9.2-py3-none-any.whl",
                                      {{"nanobind/__init__.py", "import os", ""},
                                       {"nanobind/include/nanobind/nanobind.h", "nb", ""},
                                       {"nanobind/ext/robin_map/include/tsl/robin_map.h", "map", ""},
                                       {"nanobind/include_not/x.h", "", ""}});
  const auto installed = install_header_wheel(package("nanobind"), wheel);
  REQUIRE(installed.ok());
  CHECK(installed->filename() == "nanobind-2.9.2");
  CHECK_FALSE(fs::exists(*installed / "nanobind/__init__.py"));
  CHECK_FALSE(fs::exists(*installed / "nanobind/include_not"));
  CHECK(find_header_package("nanobind") ==
        std::vector{*installed / "nanobind/include", *installed / "nanobind/ext/robin_map/include"});
  CHECK(install_header_wheel(package("nanobind"), wheel).ok());  // again
}

TEST_CASE("a wheel without the header, or of another make, leaves nothing behind") {
  const Surroundings machine;
  const fs::path empty =
      make_archive(machine.home() / "pybind11-3.0.0-py3-none-any.whl", {{"pybind11/include/other.h", "", ""}});
  CHECK(install_header_wheel(package("pybind11"), empty).message() ==
        "pybind11-3.0.0-py3-none-any.whl does not hold pybind11/pybind11.h");
  const fs::path evil =
      make_archive(machine.home() / "pybind11-3.0.1-py3-none-any.whl",
                   {{"pybind11/include/pybind11/pybind11.h", "", ""}, {"pybind11/include/../../../../evil", "", ""}});
  CHECK_FALSE(install_header_wheel(package("pybind11"), evil).ok());
  CHECK(fs::is_empty(headers_folder()));
  CHECK_FALSE(install_header_wheel(package("pybind11"), machine.home() / "pybind11.zip").ok());
}

TEST_CASE("the newest of ftaudit's own versions counts, and an active virtual environment before them") {
  Surroundings machine;
  for (const char* version : {"2.9.1", "2.10.0"})
    machine.write(
        fs::path(".local/share/ftaudit/headers/numpy-").concat(version) / "numpy/_core/include/numpy/arrayobject.h",
        "");
  CHECK(find_header_package("numpy") == std::vector{headers_folder() / "numpy-2.10.0/numpy/_core/include"});
  machine.write("venv/lib/python3.13t/site-packages/numpy/core/include/numpy/arrayobject.h", "");
  machine.set("VIRTUAL_ENV", (machine.home() / "venv").string());
  CHECK(find_header_package("numpy") ==
        std::vector{machine.home() / "venv/lib/python3.13t/site-packages/numpy/core/include"});
}

TEST_CASE("a package ftaudit does not know is refused before anything is downloaded") {
  const auto progress = make_progress(false);
  CHECK(install_header_package("left-pad", *progress).message() ==
        "ftaudit knows no headers of 'left-pad'; it knows those of cppy, nanobind, numpy, pybind11");
}
