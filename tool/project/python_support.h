// Which Pythons a project says it supports: requires-python and classifiers, out of an sdist's PKG-INFO, pyproject.toml
// or setup.cfg. Only read; nothing of the project is run. Used by discover and capture; the audit chooses by it the
// Python that a project is audited for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace ftaudit::project {

struct PythonSupport {
  std::string requires_python;  // ">=3.9,<3.15", as it is written; "" when nothing says
  std::vector<int> classified;  // 13 of "Programming Language :: Python :: 3.13", ascending
  std::string said_by;          // "pyproject.toml"

  // Whether some patch release of 3.`minor` fits. What cannot be read stands in nobody's way.
  bool admits(int minor) const;
};

PythonSupport python_support(const fs::path& root);

// One clause of a version specifier ("<3.15", "~=3.0"), asked of 3.`minor` with any patch (PEP 440). Of Python's
// versions, and of all that are counted alike. What cannot be read stands in nobody's way.
bool clause_admits(std::string_view clause, int minor);

}  // namespace ftaudit::project
