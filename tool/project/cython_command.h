// A command line of Cython as build files write it: which source, and what is said of it. Used by the readers of CMake
// and meson.
#pragma once

#include <string>
#include <vector>

namespace ftaudit::project {

struct CythonCommand {
  std::string source;                           // as written; "": none is named
  std::string module;                           // --module-name
  bool cxx = false;                             // --cplus
  std::vector<std::string> directives, values;  // -X boundscheck=False, -E NAME=1
  std::vector<std::string> search;              // -I, as written
};

// `words`: after the program. Unknown options are passed over.
CythonCommand read_cython_command(const std::vector<std::string>& words);

// A word of a command that names Cython: "cython", "/usr/bin/cython3", "-mcython", "Cython::Cython".
bool names_cython(const std::string& word);

// "pkg/m.pyx", and "pkg/m.py" where it is known that Cython compiles it.
bool is_cython_input(const std::string& path, bool python_too);

}  // namespace ftaudit::project
