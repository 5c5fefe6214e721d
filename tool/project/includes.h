// Follows #include lines through a project's files, as far as its own tree goes, and finds the folders that a compiler
// must search for them to resolve. Answers "does this source reach Python's C API?" Reads each file once, whatever the
// number of sources. Text only: conditions around an #include are not evaluated. Used within project.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "project/source_text.h"
#include "project/system_headers.h"
#include "project/tree.h"

namespace ftaudit::project {

// What one source reaches.
struct Reach {
  bool python = false;
  bool newer_cxx = false;                    // includes a header that C++20 brought, or says what it brought
  std::vector<std::string> files;            // of the tree, the source first, in order of inclusion
  std::vector<std::string> includers;        // of each of files, the file that includes it first; "" for the source
  std::vector<std::string> guessed_folders;  // to be searched besides those given, in order of need
  std::vector<std::string> guessed_late;     // the same, for <> includes: after the system's own folders
  // How <> includes begin that are found in the tree: a compiler takes what it finds so late for the system's, which
  // nobody audits.
  std::vector<std::string> own_late;
  std::vector<std::string> unresolved;  // quoted includes that nothing in the tree answers to; in order
};

class Includes {
 public:
  explicit Includes(const Tree& tree) : tree_(tree) {}

  // Null when the file cannot be read; problem() then says why.
  const SourceText* text(const std::string& absolute);
  const std::string& problem(const std::string& absolute) const;
  // Names of all macros that define a module's PyInit_ function, of all files read so far; sorted.
  std::vector<std::string> init_macros() const;

  // Everything that `source` includes, with `folders` (absolute, in order) as the folders its build gives.
  Reach reach(const std::string& source, const std::vector<std::string>& folders);

 private:
  struct Read {
    std::optional<SourceText> text;
    std::string problem;
  };
  const Read& read(const std::string& absolute);
  // The file that <name> or "name" most likely means, of those whose path ends in it: the nearest to `from`, then the
  // one least deep, then the first by name. Empty when there is none.
  std::string guess(const std::string& name, const std::string& from);

  const Tree& tree_;
  SystemHeaders system_;
  std::unordered_map<std::string, Read> read_;
  std::unordered_map<std::string, std::string> guesses_;  // by including folder and name
};

}  // namespace ftaudit::project
