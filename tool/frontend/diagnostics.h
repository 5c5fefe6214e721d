// What Clang complains of in one translation unit, as far as it matters: whether it began at all, the first error, the
// headers that are missing, what free-threaded builds do not have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/clang.h"

namespace ftaudit::frontend {

class Diagnostics final : public clang::DiagnosticConsumer {
 public:
  bool began = false;    // the first token was reached
  bool refused = false;  // an error came before that: of the flags
  std::vector<std::string> missing;
  std::string first, first_place, first_file;  // the whole message; "a.c:3: "; the file as it was opened
  bool first_in_system = false;
  unsigned errors = 0;
  std::string newer;  // of the C API, of a release after that of the headers; the first such name
  std::vector<std::pair<clang::SourceLocation, std::string>> absent;  // members that free-threaded headers do not have

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override;
};

}  // namespace ftaudit::frontend
