// Where code that came out of a macro came from: the outermost macro of the C API around a token, told apart from
// arguments that only passed through it. Project macros are looked through.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/clang.h"

namespace ftaudit::frontend {

class Provenance {
 public:
  Provenance(const clang::SourceManager& sources, const clang::LangOptions& language)
      : sources_(sources), language_(language) {}

  struct Origin {
    std::string name;                  // "PyList_GET_ITEM"; "" if no API macro made the token
    clang::FileID expansion;           // tells two uses of one macro apart
    clang::SourceLocation invocation;  // of the macro's name; may itself lie in a project macro
  };
  const Origin& of(clang::SourceLocation token);

  // The arguments as written between the parentheses that follow the macro's name; empty when they cannot be read.
  std::vector<std::string> arguments(clang::SourceLocation invocation) const;

 private:
  Origin find(clang::FileID expansion);

  const clang::SourceManager& sources_;
  const clang::LangOptions& language_;
  const Origin nothing_;
  std::unordered_map<unsigned, Origin> known_;
  std::unordered_map<std::string, bool> api_;
};

}  // namespace ftaudit::frontend
