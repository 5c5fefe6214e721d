// The finder of shapes in one function: what all shapes are made of, as it stands in the file (shapes.cpp), and one
// file a shape. Private to those.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frontend/context.h"

namespace ftaudit::frontend {

class Finder {
 public:
  Finder(Context& context, model::Function& out) : context_(context), sources_(context.sources), out_(out) {}

  void visit(const clang::Stmt* stmt);

 private:
  // A call by its name of something that is no macro, written out in a file.
  const clang::CallExpr* written_call(const clang::Expr* expr) const;
  // The text between two places of one file; nothing where a line of it is the preprocessor's.
  std::optional<std::string> between(clang::SourceLocation begin, clang::SourceLocation end) const;
  clang::SourceLocation after_token(clang::SourceLocation at) const;
  // Just behind the semicolon that follows `last`; invalid where none does.
  clang::SourceLocation after_semicolon(clang::SourceLocation last) const;
  model::Span span(clang::SourceLocation begin, clang::SourceLocation end) const;
  // What was given to the call, white space made single; nothing where that would change it.
  std::optional<std::vector<std::string>> arguments(const clang::CallExpr& call) const;
  static const clang::VarDecl* variable_of(const clang::Expr* expr);
  static bool mentions(const clang::Stmt* stmt, const clang::ValueDecl* decl);

  // A walk over a dict, written as a loop around PyDict_Next (walk_shape.cpp).

  // Gives `decl` another value, or its address away.
  static bool changes(const clang::Stmt* stmt, const clang::ValueDecl* decl);
  // Control may leave the statement, or come into its middle, by another way than its end. `in_switch`: a case label
  // belongs to a switch inside of it.
  static bool jumps(const clang::Stmt* stmt, bool in_switch);
  // A variable or a field of a field of one, none of which the loop changes.
  static bool steady(const clang::Expr* expr, const clang::Stmt& loop);
  void walk(const clang::Stmt& loop);

  // A reference that is borrowed and then taken (fetch_shape.cpp).

  // `Py_INCREF(variable);`, with its range.
  struct Taking {
    clang::SourceLocation begin, end;
    bool checks = false;  // Py_XINCREF
  };
  std::optional<Taking> taking(const clang::Stmt* stmt, const clang::VarDecl* variable) const;
  // How the statement tests the variable: true for `if (x != NULL)`, false for `if (x == NULL)`.
  static std::optional<bool> tested(const clang::IfStmt& branch, const clang::VarDecl* variable,
                                    clang::ASTContext& ast);
  static bool leaves(const clang::Stmt* stmt);
  // The reference taken right after the fetch, once it is known that there is something: `Py_XINCREF(x);`, or Py_INCREF
  // after `if (x == NULL) leave` or first in `if (x != NULL) {`.
  std::optional<Taking> taken_next(const clang::VarDecl* variable, const clang::Stmt& next,
                                   const clang::Stmt* second) const;
  void fetch(const clang::Stmt& stmt, const clang::Stmt& next, const clang::Stmt* second);

  // A module that is made, and where a line about it can stand (creation_shape.cpp).

  // PyModule_Create, which is a macro, written out in a file.
  const clang::CallExpr* written_creation(const clang::Expr* expr) const;
  struct Creation {
    const clang::CallExpr* call = nullptr;
    const clang::VarDecl* variable = nullptr;
  };
  // `variable = PyModule_Create(...)`.
  std::optional<Creation> created(const clang::Expr* expr) const;
  // `if ((variable = PyModule_Create(...)) == NULL)`, with or without the words of the test.
  std::optional<Creation> created_in(const clang::IfStmt& branch) const;
  // Just behind an `if` that leaves and has no else; invalid where it is none.
  clang::SourceLocation after_leaving(const clang::IfStmt& branch) const;
  void creation(const clang::Stmt& stmt, const clang::Stmt* next);

  void keep(model::Shape shape, clang::SourceLocation where);

  Context& context_;
  clang::SourceManager& sources_;
  model::Function& out_;
};

}  // namespace ftaudit::frontend
