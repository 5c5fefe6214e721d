#include "project/python_support.h"

#include <doctest/doctest.h>

using namespace ftaudit;
using project::PythonSupport;

namespace {

std::string admitted(std::string_view requires_python) {
  const PythonSupport support{.requires_python = std::string(requires_python)};
  std::string out;
  for (int minor = 12; minor <= 15; ++minor)
    if (support.admits(minor)) out += (out.empty() ? "" : " ") + std::to_string(minor);
  return out;
}

PythonSupport read(std::initializer_list<std::pair<const char*, const char*>> files) {
  const ScratchFolder scratch = std::move(*ScratchFolder::make("support"));
  for (const auto& [name, text] : files) REQUIRE(write_file(scratch.path() / name, text).ok());
  return project::python_support(scratch.path());
}

}  // namespace

TEST_CASE("requires-python is asked of minor versions, with any patch") {
  CHECK(admitted("") == "12 13 14 15");
  CHECK(admitted(">=3.9") == "12 13 14 15");
  CHECK(admitted(">=3.9, <3.14") == "12 13");
  CHECK(admitted("<3.14.1") == "12 13 14");
  CHECK(admitted("<=3.13") == "12 13");
  CHECK(admitted(">=3.13,!=3.14.*") == "13 15");
  CHECK(admitted("!=3.14.1") == "12 13 14 15");
  CHECK(admitted("==3.13.*") == "13");
  CHECK(admitted("~=3.13") == "13 14 15");
  CHECK(admitted("~=3.13.0") == "13");
  CHECK(admitted("<4,>2.7") == "12 13 14 15");
  CHECK(admitted("<3") == "");
  CHECK(admitted("what?") == "12 13 14 15");
}

TEST_CASE("an sdist's own metadata comes before what its build reads") {
  const PythonSupport sdist = read({{"PKG-INFO",
                                     "Metadata-Version: 2.1\nName: a\nRequires-Python: >=3.10\n"
                                     "Classifier: Programming Language :: Python :: 3\n"
                                     "Classifier: Programming Language :: Python :: 3.13\n"
                                     "Classifier: Programming Language :: Python :: 3.10\n\nRequires-Python: <3\n"},
                                    {"pyproject.toml", "[project]\nrequires-python = '<3.11'\n"}});
  CHECK(sdist.said_by == "PKG-INFO");
  CHECK(sdist.requires_python == ">=3.10");
  CHECK(sdist.classified == std::vector{10, 13});
  const PythonSupport tree = read({{"pyproject.toml",
                                    "[project]\nrequires-python = '<3.14'\n"
                                    "classifiers = ['Programming Language :: Python :: 3.12', 'Topic :: Games']\n"}});
  CHECK(tree.requires_python == "<3.14");
  CHECK(tree.classified == std::vector{12});
  const PythonSupport old = read({{"pyproject.toml", "[build-system]\n"},
                                  {"setup.cfg",
                                   "[metadata]\nclassifiers =\n    Programming Language :: Python :: 3.13\n"
                                   "[options]\npython_requires = >=3.9\n"}});
  CHECK(old.said_by == "setup.cfg");
  CHECK(old.requires_python == ">=3.9");
  CHECK(old.classified == std::vector{13});
  CHECK(read({{"pyproject.toml", "[project\n"}}).said_by.empty());
}
