// Translation: a Cython source into C, by Cython itself. Cython parses; nothing of the project is executed: it runs in
// an isolated Python (a project's own cython.py is not found) with limits of time and memory, to which the kernel
// leaves reading the project and writing into a folder of our cache, so that C in the tree stays as it is. Knows how to
// run it and what its errors mean; which sources there are, project says. Used by the audit.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "project/project.h"

namespace ftaudit::cython {

// A Cython on this machine that can make C for builds without the GIL.
struct Compiler {
  fs::path site;        // the folder that "Cython" lies in
  std::string version;  // "3.2.9"
};

// The first of the folders, laid out like site-packages, with a Cython that is new enough.
std::optional<Compiler> compiler_in(const std::vector<fs::path>& sites);

// Python compiles what it imports anew for every source where it finds nothing compiled; once is enough. For a Cython
// that is ftaudit's own: this writes beside its sources.
void compile_ahead(const Compiler& compiler);

struct Settings {
  fs::path root;  // of the project
  Compiler compiler;
  std::vector<fs::path> search;  // .pxd of other packages, laid out like site-packages
  fs::path templates;            // what became of the project's templates, laid out like it; empty: it has none
  fs::path cache;                // translations are kept below it
  std::chrono::seconds timeout{120};
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // address space
};

struct Translation {
  fs::path c_file;             // in the cache; empty: it failed
  std::vector<fs::path> read;  // the .pyx, .pxd, .pxi it was made from
  std::string problem;         // one sentence
};

Translation translate(const project::CythonSource& source, const Settings& settings);

}  // namespace ftaudit::cython
