#include "cython/translation.h"

#include <doctest/doctest.h>

#include "cython/source_head.h"

using namespace ftaudit;

TEST_CASE("what the head of a source says to its build") {
  const auto head = cython::head_of(
      "# cython: language_level=3\n#\n# distutils: language = c++\n"
      "#distutils: define_macros=A=1 B\n# distutils: include_dirs = inc  more\n\n"
      "cimport x\n# distutils: language = c\n");
  CHECK(head.cxx);
  CHECK(head.define_macros == std::vector<std::string>{"A=1", "B"});
  CHECK(head.include_dirs == std::vector<std::string>{"inc", "more"});
  CHECK_FALSE(cython::head_of("x = 1\n# distutils: language = c++\n").cxx);
}

TEST_CASE("a Cython that needs the GIL is none") {
  auto scratch = ScratchFolder::make("sites");
  REQUIRE(scratch.ok());
  const auto lay = [&](const char* site, const char* version) {
    fs::create_directories(scratch->path() / site / "Cython");
    REQUIRE(write_file(scratch->path() / site / "Cython/Shadow.py", std::string("__version__ = \"") + version + "\"\n")
                .ok());
    return scratch->path() / site;
  };
  const fs::path old = lay("old", "3.0.12"), older = lay("older", "0.29.37"), fine = lay("fine", "3.1.0");
  CHECK_FALSE(cython::compiler_in({old, older, scratch->path() / "nowhere"}));
  REQUIRE(cython::compiler_in({old, fine}));
  CHECK(cython::compiler_in({old, fine})->version == "3.1.0");
  CHECK(cython::compiler_in({old, fine})->site == fine);
}
