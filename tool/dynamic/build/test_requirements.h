// What a project's tests need and how they are run, as its files say: extras and dependency groups, requirements files,
// setup.py, tox.ini and noxfile.py (read as text and syntax, never run), pytest's settings, what the tests import. Used
// by cli's confirm to fill an environment and to choose a runner.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

enum class Runner { pytest, unittest, none };
std::string_view name_of(Runner runner);

struct TestDescription {
  Runner runner = Runner::none;
  std::vector<std::string> requirements;  // PEP 508, one each; never the project itself; exact pins are taken off
  std::vector<std::string> pins;          // those that were taken off: "pytest==8.4.2"
  std::vector<std::string> extras;        // of the project: "test"
  std::vector<std::string> paths;    // where the tests lie, relative to the root; empty: nothing that looks like tests
  std::vector<std::string> sources;  // what said so, in words: "the dependency group test"
};

// `python` is any CPython from 3.11 on; it reads and parses, and runs nothing of the project.
Result<TestDescription> describe_tests(const fs::path& root, const fs::path& python);

}  // namespace ftaudit::dynamic
