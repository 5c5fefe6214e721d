// What lowering needs of one translation unit: names, types, places in files, numbers of files and globals, and the
// facts being written. Shared by the parts of the frontend; lives as long as the AST.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/clang.h"
#include "frontend/frontend.h"
#include "model/facts.h"

namespace ftaudit::frontend {

class Context {
 public:
  Context(clang::ASTContext& ast, const Settings& settings, model::Facts& facts);

  clang::ASTContext& ast;
  clang::SourceManager& sources;
  model::Facts& facts;
  const capi::LockCalls& locks;

  // A file of the extension itself: the main file or one below the root, not a system header, nor of a binding library
  // whose headers lie in the tree.
  bool in_project(clang::SourceLocation location) const;
  // Where binding libraries say which version they are, as far as the file has been read.
  const std::vector<clang::SourceLocation>* libraries = nullptr;
  // Where the token stands in the definition of a macro of the project; invalid where it is written at its own place.
  clang::SourceLocation in_macro_body(clang::SourceLocation token) const;
  model::FileId file(clang::FileID id);
  model::Span span(clang::SourceRange range);
  // Writes down what the file that `place` lies in was when it was read.
  void remember(clang::SourceLocation place);
  // The text at a location's token in its spelling file.
  std::string token_at(clang::SourceLocation location) const;

  std::string name(const clang::NamedDecl& decl) const;  // qualified, without template arguments
  std::string record_name(const clang::RecordDecl& record) const;
  bool is_object(const clang::RecordDecl& record);  // begins with PyObject_HEAD
  model::Type type(clang::QualType type);
  model::FunctionKey key(const clang::FunctionDecl& function);
  std::string instance_around(const clang::CXXRecordDecl& closure);
  model::GlobalId global(const clang::VarDecl& variable);
  model::Operand size(const clang::UnaryExprOrTypeTraitExpr& expr);  // a sizeof: the number, and of which record
  model::Operand offset(const clang::OffsetOfExpr& expr);            // likewise, "offsetof Counter.weak"

  // Lambdas, to be lowered when their turn comes.
  struct Lambda {
    const clang::FunctionDecl* body;
    model::FunctionKey parent;  // of one outside any function: none
    std::string name;
  };
  std::vector<Lambda> pending;
  // A function that stands nowhere in the source, unless it is known already.
  void add_unwritten(model::Function function);
  void meet(const clang::LambdaExpr& lambda, model::FunctionKey parent, std::string name);

 private:
  std::string shown(clang::FileID id);
  std::string path_of(clang::FileID id) const;
  bool is_of_library(const std::string& path) const;
  std::string arguments_of(const clang::ClassTemplateSpecializationDecl& instance) const;
  std::string unnamed(const clang::RecordDecl& record) const;

  std::string root_;
  clang::ASTNameGenerator mangler_;
  std::unordered_set<unsigned> remembered_;
  std::unordered_set<std::string> unwritten_;
  mutable std::unordered_map<unsigned, bool> in_project_;
  std::unordered_map<unsigned, model::FileId> files_;
  std::unordered_map<std::string, model::FileId> file_numbers_;
  std::unordered_map<const clang::VarDecl*, model::GlobalId> globals_;
  std::unordered_map<const clang::FunctionDecl*, std::string> keys_;
  std::unordered_map<const clang::RecordDecl*, bool> objects_;
  std::unordered_map<void*, model::Type> types_;
};

}  // namespace ftaudit::frontend
