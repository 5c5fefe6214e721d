// Templates of Cython's sources, expanded: what a build would make of fast.pyx.in or config.pxi.in, written to a folder
// of our cache that is laid out like the project. The Python in them is worked out by the evaluator that reads
// setup.py, in a confined child; nothing is executed, and a template that needs what only the build knows is not
// expanded. Each outcome knows the lines it was made of. Used within cython, and by the audit.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "project/project.h"

namespace ftaudit::cython {

struct Expanded {
  fs::path folder;                           // stands for the project's root; empty: nothing was expanded
  std::vector<fs::path> search;              // folders in it that packages lie in
  std::map<fs::path, fs::path> made;         // by template
  std::map<fs::path, std::string> problems;  // by template: why it was not
};

Expanded expand(const std::vector<project::CythonTemplate>& templates, const fs::path& root, const fs::path& cache,
                std::chrono::seconds timeout);

// The outermost folder of the packages that `file` lies in, at or below `root`.
fs::path package_base(const fs::path& file, const fs::path& root);

// What a made file was made of.
struct Origin {
  fs::path file;                     // the template
  std::vector<std::uint32_t> lines;  // of each line its line there
};
std::optional<Origin> origin_of(const fs::path& made);

}  // namespace ftaudit::cython
