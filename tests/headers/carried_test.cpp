// The program that carries headers, as those that look for headers see it.
#include "headers/carried.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "frontend/frontend.h"
#include "frontend/reads.h"
#include "python/header_package.h"
#include "python/interpreter.h"

using namespace ftaudit;

namespace {

const fs::path python_folder = "python/3.14t-3.14.6/include/python3.14t";

const python::Interpreter* carried(const std::vector<python::Interpreter>& all) {
  for (const python::Interpreter& one : all)
    if (one.version == "3.14.6" && headers::shown(one.include_folders.front()).ends_with(python_folder.string()) &&
        one.executable.empty() && one.origin == headers::origin())
      return &one;
  return nullptr;
}

}  // namespace

TEST_CASE("built-in headers are seen where no file system has anything") {
  const fs::path root = headers::carried_root();
  CHECK(headers::origin() == "built in");
  CHECK(headers::is_built_in(root / "clang"));
  CHECK_FALSE(headers::is_built_in(root.string() + "-not"));
  CHECK_FALSE(headers::is_built_in("/usr/include"));
  std::error_code ignored;
  CHECK_FALSE(fs::exists(root, ignored));
  CHECK(headers::exists(root / python_folder / "Python.h"));
  CHECK(headers::exists(root / "clang/include/../include/stddef.h"));
  CHECK(headers::shown(root / "clang") == "built in: clang");
  CHECK(headers::shown("/usr/include") == "/usr/include");
}

TEST_CASE("interpreters and packages are found among them") {
  const auto all = python::find_interpreters();
  const python::Interpreter* own = carried(all);
  REQUIRE(own != nullptr);
  CHECK(own->name == "3.14t");
  CHECK(own->free_threaded);
  ::setenv("HOME", "/nonexistent", 1), ::unsetenv("VIRTUAL_ENV"), ::unsetenv("XDG_DATA_HOME");
  const auto numpy = python::find_header_package("numpy", {});
  REQUIRE_FALSE(numpy.empty());
  if (headers::is_built_in(numpy.front())) CHECK(numpy.front().string().find("numpy-2.10.0") != std::string::npos);
}

TEST_CASE("a folder takes the place of what is built in") {
  const ScratchFolder scratch = std::move(*ScratchFolder::make("headers"));
  fs::create_directories(scratch.path() / python_folder);
  for (const char* name : {"Python.h", "object.h", "patchlevel.h", "pyconfig.h"})
    REQUIRE(write_file(scratch.path() / python_folder / name,
                       *headers::text(headers::carried_root() / python_folder / name))
                .ok());
  ::setenv("FTAUDIT_HEADERS", scratch.path().c_str(), 1);
  CHECK(headers::origin() == scratch.path().string());
  CHECK(headers::identity().empty());
  const auto all = python::find_interpreters();
  const python::Interpreter* own = carried(all);
  REQUIRE(own != nullptr);
  CHECK(own->include_folders.front() == scratch.path() / python_folder);
  ::unsetenv("FTAUDIT_HEADERS");
  CHECK(headers::identity().size() == 64);
}

TEST_CASE("Clang reads built-in headers, and the cache is not told of them") {
  const ScratchFolder scratch = std::move(*ScratchFolder::make("headers"));
  REQUIRE(write_file(scratch.path() / "a.c",
                     "#include <Python.h>\n#include <numpy/arrayobject.h>\n"
                     "size_t of(PyObject *o) { return o->ob_tid + sizeof NUMPY_IS; }\n")
              .ok());
  const fs::path root = headers::carried_root();
  frontend::Settings settings{
      .root = scratch.path(),
      .system_includes = {root / python_folder, root / "headers/numpy-2.9.1/numpy/_core/include"}};
  std::vector<frontend::Read> reads;
  const project::Unit unit{.file = scratch.path() / "a.c", .folder = scratch.path()};
  const frontend::Parsed parsed = frontend::parse(unit, settings, &reads);
  REQUIRE_FALSE(parsed.failed);
  CHECK(parsed.facts.units[0].errors == 0);
  CHECK(parsed.facts.units[0].missing_headers.empty());
  bool own = false;
  for (const frontend::Read& read : reads) {
    CHECK_FALSE(headers::is_built_in(read.path));
    own |= read.path == (scratch.path() / "a.c").string();
  }
  CHECK(own);
  settings.system_includes = {root / "nowhere"};
  CHECK(frontend::parse(unit, settings).facts.units[0].missing_headers ==
        std::vector<std::string>{"Python.h", "numpy/arrayobject.h"});
}
