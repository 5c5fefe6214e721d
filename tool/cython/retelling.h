// The door of this layer's reading half: facts about C that Cython made, told as facts about the .pyx it was made from.
// Places get the lines and names of the source; calls through Cython's tables become the calls that they mean; Cython's
// own code is marked as its own; comments of the sources that allow findings are read. After that analyses and rules
// see an extension that somebody wrote, and need not know what Cython is.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "cython/versions.h"
#include "cython/words.h"
#include "model/facts.h"

namespace ftaudit::cython {

struct Module {
  std::string source;   // shown path of the .pyx (or .py)
  std::string c_file;   // shown path of the C
  std::string name;     // "pkg.m"
  std::string version;  // "3.2.9"
};

struct Retold {
  std::vector<Module> modules;                 // in the order of the facts' units
  std::map<std::string, std::size_t> sources;  // shown path of each .pyx, .pxd, .pxi, .py -> the first module it is in
  Words words;
  bool empty() const { return modules.empty(); }
};

// `made_from`: by the shown path of a C file that ftaudit had Cython make, the shown path of its source. `templates`:
// what became of the project's templates, laid out like it, or empty.
Retold retell(model::Facts& facts, const fs::path& root, const std::map<std::string, std::string>& made_from,
              const fs::path& templates);

// The C in the tree is what Cython makes of the source as it is now, comments and blanks apart.
bool agrees(std::string_view c_text, const fs::path& c_file, const fs::path& source, const fs::path& root);
// The C says in comments which lines of its source it stands for. Without (emit_code_comments=False) none of it can be
// told from Cython's own.
bool tells_lines(std::string_view c_text);
// "3.2.9", by the first line of a C file; "" if it is not Cython's.
std::string version_of(std::string_view c_text);

}  // namespace ftaudit::cython
