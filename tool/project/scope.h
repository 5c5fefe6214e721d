// Scope: what of a project was asked for. Used by those who look for its sources.
#pragma once

#include "base/files.h"

namespace ftaudit::project {

struct Scope {
  fs::path root;  // of the project
  fs::path path;  // what was asked for: the root, a folder below it, or one file
  bool one_file = false;
};

}  // namespace ftaudit::project
