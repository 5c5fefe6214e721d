// Compile databases: compile_commands.json as CMake, meson, Bear and ninja write it. Reads the file and gives each
// entry's source, folder and words; which entries matter is discover's question. Used within project.
#pragma once

#include <string>
#include <vector>

#include "project/project.h"

namespace ftaudit::project {

struct CompileEntry {
  fs::path file;                   // absolute and normal
  fs::path folder;                 // absolute
  std::vector<std::string> flags;  // the words of its command but the compiler, as written
  std::string target;              // what its output's folder says of the target ("CMakeFiles/x.dir", "x.so.p"), or ""
};

// Errors name the file and, where its JSON is broken, the line and column.
Result<std::vector<CompileEntry>> read_compile_commands(const fs::path& file);

// The database for a project at `root`: in the root, or in a folder of it that builds go to; the newest of several.
fs::path find_compile_commands(const fs::path& root);

// One entry from a recorded call of a compiler (argv[0] is the compiler): one for each source it names.
std::vector<CompileEntry> entries_of_call(const fs::path& folder, const std::vector<std::string>& argv);

}  // namespace ftaudit::project
