// What a project's tests need and how they are run, as its files say: extras and dependency groups, requirements files,
// tox.ini and noxfile.py (read as text and syntax, never run), pytest's settings. Used by workspace and workloads.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

enum class Runner { pytest, unittest, none };

struct TestDescription {
  Runner runner = Runner::none;
  std::vector<std::string> requirements;   // PEP 508, one each; never the project itself
  std::vector<fs::path> requirement_files; // for pip's -r, absolute
  std::vector<std::string> extras;         // of the project: "test"
  std::vector<std::string> paths;          // where the tests lie, relative to the root; empty: the runner looks
  std::vector<std::string> sources;        // which files said so, for the log: "pyproject.toml [dependency-groups] test"
};

// `python` is any CPython from 3.11 on; it only parses. `root` is the checkout.
Result<TestDescription> describe_tests(const fs::path& root, const fs::path& python);

}  // namespace ftaudit::dynamic
