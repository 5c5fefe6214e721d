// What only the preprocessor sees: conditions around lines, macros of interest, comments that allow findings. Also
// takes Py_LIMITED_API back as soon as it is defined, so that the rest of the file can be read (the definition is a
// fact).
#pragma once

#include "frontend/context.h"

namespace ftaudit::frontend {

// Collects while the unit is preprocessed; `write` adds what was seen to the facts once the AST (and with it Context)
// exists.
class Preprocessing {
 public:
  void attach(clang::CompilerInstance& compiler);
  void write(Context& context);

  struct Condition {
    clang::SourceLocation begin, end;
    std::string text;
    bool taken = true;
  };
  struct Macro {
    std::string name, text;
    clang::SourceRange range;
    bool definition = false, command_line = false;
    std::vector<std::string> arguments = {};  // where they are not those that stand behind the name in the source
    std::string module = {};                  // the name that its first argument, a macro itself, stands for
  };
  struct Comment {
    clang::SourceRange range;
    std::string text;
  };
  std::vector<clang::SourceRange> demands;  // assertions
  std::vector<Condition> conditions;
  std::vector<Macro> macros;
  std::vector<Comment> comments;
  std::vector<clang::SourceLocation> binding_versions;     // where a binding library's headers say what they are
  std::vector<clang::SourceLocation> thread_local_macros;  // uses of macros that another #if arm makes _Thread_local
  std::vector<clang::SourceLocation>
      declarations;  // of PyUnstable_Module_SetGIL, also out of macros: facts where the parser may have missed it
  std::vector<Comment> remarks;  // adjoining lines as one; kept whatever they say, judged when all are there

 private:
  void mark_thread_locals(Context& context) const;
  void guard_uses_of_macros(Context& context) const;
};

}  // namespace ftaudit::frontend
