#include "dynamic/build/test_requirements.h"
#include "base/process.h"
#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::dynamic;

namespace {

TestDescription described(const std::vector<std::pair<std::string, std::string>>& files) {
  Surroundings machine;
  machine.set("PATH", "/usr/bin:/bin");
  const fs::path python = find_program("python3");
  for (const auto& [name, text] : files) machine.write("spam/" + name, text);
  const auto found = describe_tests(machine.home() / "spam", python);
  REQUIRE_MESSAGE(found.ok(), found.message());
  return *found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "what tests need is read from extras, groups, requirements files, tox and nox; pins and tools are taken off") {
  const TestDescription out = described({
      {"pyproject.toml",
       "[project]\nname = \"spam\"\n[project.optional-dependencies]\ntest = [\"x\"]\ndev = [\"y\"]\n"
       "[dependency-groups]\ntests = [\"one==1.0\", {include-group = \"base\"}]\nbase = [\"two>=2\"]\ndocs = "
       "[\"sphinx\"]\n"
       "[tool.pytest.ini_options]\naddopts = \"--cov=spam -n auto\"\ntestpaths = [\"checks\", \"gone\"]\n"},
      {"tox.ini", "[testenv]\ndeps =\n  three\n  py39: four\n  {env:X}\n  black\n"},
      {"noxfile.py",
       "def tests(session):\n    session.install('five', '-r', 'requirements-test.txt')\n    session.install('.')\ndef "
       "docs(session):\n    session.install('six')\n"},
      {"requirements-test.txt", "# words\nseven==7.0 --hash=sha256:aa\n-e .\nspam\n"},
      {"checks/test_spam.py", "import pytest\nimport numpy\n"},
  });
  CHECK(out.runner == Runner::pytest);
  CHECK(out.extras == Words{"test"});
  CHECK(out.paths == Words{"checks"});
  CHECK(out.requirements == Words{"one", "two>=2", "pytest-cov", "three", "four", "five", "seven", "numpy"});
}

TEST_CASE("a suite of unittest is told from one of pytest, and no suite from both") {
  CHECK(described({{"tests/test_a.py", "import os, unittest\n"}}).runner == Runner::unittest);
  CHECK(described({{"tests/test_a.py", "import unittest\n"}, {"tests/conftest.py", ""}}).runner == Runner::pytest);
  CHECK(described({{"spam/test_a.py", "def test_x(): pass\n"}}).runner == Runner::pytest);
  const TestDescription none = described({{"spam.py", "import unittest\n"}});
  CHECK(none.runner == Runner::none);
  CHECK(none.paths.empty());
}

TEST_CASE("files that are broken are passed over") {
  const TestDescription out = described({{"pyproject.toml", "[[["},
                                         {"setup.py", "def ("},
                                         {"noxfile.py", "\x01"},
                                         {"tox.ini", "no section\n"},
                                         {"tests/test_a.py", "import unittest\n"}});
  CHECK(out.runner == Runner::unittest);
  CHECK(out.requirements.empty());
}
