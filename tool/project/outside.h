// Outside: what discovery asks about the world beyond the files it may read. In a confined child the questions go to
// the parent, which trusts nothing in them; elsewhere they are answered on the spot. Used within project, and by cython
// for its Python.
#pragma once

#include <functional>
#include <string>

#include "project/project.h"

namespace ftaudit::project {

struct Outside {
  // What Python's parser says of a setup.py, as JSON, or why there is nothing of it.
  std::function<Result<std::string>(const fs::path& file)> setup_py;
  // Whether headers may be searched for in a folder, see is_open_folder().
  std::function<bool(const fs::path& folder)> is_open;
};

// The Python that reads what is Python's to read; empty: there is none. A program of its own, no script that looks for
// one: what it may do once it runs leaves no room for starting another.
fs::path reading_python();

// Answered by this process, for a project at `root`. `memory`, if not null, keeps what was worked out; it must outlive
// the answers.
Outside outside_of(const fs::path& root, Store* memory);

}  // namespace ftaudit::project
