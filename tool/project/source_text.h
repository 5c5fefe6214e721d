// What one look at a source's text tells without a compiler: the files it includes, the modules it defines, who
// generated it. Approximate on purpose (conditions are not evaluated); the frontend reads the file properly later.
// Used within project to tell extension sources from the rest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "project/project.h"

namespace ftaudit::project {

struct Include {
  std::string name;
  bool angled = false;
};

struct SourceText {
  std::vector<Include> includes;         // in order, comments left out, conditions ignored
  std::vector<std::string> modules;      // from PyInit_x, PyModExport_x, PYBIND11_MODULE(x, ... ; sorted
  std::string full_name;                 // the dotted name that Cython's output gives its module, or ""
  std::string made_of;                   // the .pyx that Cython's output says it was made of, as written there, or ""
  std::vector<std::string> init_macros;  // macros defined here that paste PyInit_ and their argument
  Generator generated_by = Generator::none;
  bool binary = false;     // has a NUL byte near its beginning
  bool newer_cxx = false;  // says what only C++20 knows
};

SourceText read_source_text(std::string_view text);

// The arguments `macro(x` is called with in `text`: for init_macros.
std::vector<std::string> macro_arguments(std::string_view text, std::string_view macro);

// Whether including this name means using CPython's C API: Python.h itself, the bindings, numpy's headers.
bool names_python(std::string_view include);

// Headers of the C, C++ and POSIX libraries, which are never looked for in a project.
bool is_standard_header(std::string_view name);

}  // namespace ftaudit::project
