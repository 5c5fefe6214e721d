// Building a CPython out of its source release into ftaudit's data folder: all of it, or only its headers, which is
// what scan needs and takes a minute. A build shows up under its final name when it is complete, and never before; one
// that was interrupted goes on where it was. It does not choose where to get the source (python_source) nor which one a
// scan uses (interpreter). Used by cli.
#pragma once

#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "python/release.h"

namespace ftaudit::python {

struct PythonBuild {
  PythonChoice choice;
  bool headers_only = false;
  bool force = false;  // replace what is there (but never an interpreter by headers), and build even where
                       // libraries that pip needs are missing
  fs::path source;     // the source archive; empty: obtain_source() finds one
  unsigned jobs = 0;   // of make; 0: one a core
};

struct BuiltPython {
  fs::path prefix;
  bool already_there = false;         // nothing was done
  std::vector<std::string> left_out;  // what this Python cannot do for want of libraries, in words
};

// data_folder()/python: one folder a build ("3.13t-3.13.5").
fs::path pythons_folder();

// Needs a C compiler and make. One build at a time: a second caller waits, and finds the first one's result.
// On failure the log of the failed step is kept and the error names it.
Result<BuiltPython> build_python(const PythonBuild& build, Progress& progress);

}  // namespace ftaudit::python
