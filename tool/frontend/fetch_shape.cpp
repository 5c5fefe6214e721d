// Items that are fetched borrowed and whose reference is taken right after: one call gets the two done.
#include "frontend/shape_finder.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Shape;

namespace {

bool is_fetch(StringRef callee) {
  return callee == "PyDict_GetItemWithError" || callee == "PyDict_GetItem" || callee == "PyDict_GetItemString" ||
         callee == "PyList_GetItem";
}

}  // namespace

std::optional<Finder::Taking> Finder::taking(const Stmt* stmt, const VarDecl* variable) const {
  const auto* expr = stmt == nullptr ? nullptr : dyn_cast<Expr>(stmt);
  const auto* call = expr == nullptr ? nullptr : dyn_cast<CallExpr>(expr->IgnoreParenCasts());
  if (call == nullptr || call->getNumArgs() != 1 || variable_of(call->getArg(0)) != variable) return std::nullopt;
  Taking out{.begin = stmt->getBeginLoc()};
  if (out.begin.isMacroID()) out.begin = sources_.getExpansionRange(out.begin).getBegin();
  if (!out.begin.isFileID()) return std::nullopt;
  const std::string name = context_.token_at(out.begin);
  out.checks = name == "Py_XINCREF";
  out.end = after_semicolon(stmt->getEndLoc());
  if ((name != "Py_INCREF" && !out.checks) || out.end.isInvalid()) return std::nullopt;
  return out;
}

std::optional<Finder::Taking> Finder::taken_next(const VarDecl* variable, const Stmt& next, const Stmt* second) const {
  if (const auto at_once = taking(&next, variable); at_once && at_once->checks) return at_once;
  const auto* branch = dyn_cast<IfStmt>(&next);
  if (branch == nullptr || branch->getInit() != nullptr || branch->getConditionVariable() != nullptr)
    return std::nullopt;
  const auto outcome = tested(*branch, variable, context_.ast);
  if (!outcome) return std::nullopt;
  if (*outcome) {
    const auto* block = dyn_cast<CompoundStmt>(branch->getThen());
    if (block == nullptr) return std::nullopt;
    const auto first = std::find_if(block->body_begin(), block->body_end(), [](const Stmt* inside) {
      const auto* declaration = dyn_cast<DeclStmt>(inside);
      const auto* declared = declaration != nullptr && declaration->isSingleDecl()
                                 ? dyn_cast<VarDecl>(declaration->getSingleDecl())
                                 : nullptr;
      return declared == nullptr || declared->hasInit();
    });
    return first == block->body_end() ? std::nullopt : taking(*first, variable);
  }
  if (branch->getElse() != nullptr || !leaves(branch->getThen()) || mentions(branch->getThen(), variable))
    return std::nullopt;
  return taking(second, variable);
}

void Finder::fetch(const Stmt& stmt, const Stmt& next, const Stmt* second) {
  const VarDecl* variable = nullptr;
  const CallExpr* call = nullptr;
  SourceLocation end;
  bool declares = false;
  if (const auto* assignment = dyn_cast<BinaryOperator>(&stmt);
      assignment != nullptr && assignment->getOpcode() == BO_Assign) {
    const auto* ref = dyn_cast<DeclRefExpr>(assignment->getLHS()->IgnoreParens());
    variable = ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
    call = written_call(assignment->getRHS());
    if (call != nullptr) end = after_semicolon(assignment->getEndLoc());
  } else if (const auto* declaration = dyn_cast<DeclStmt>(&stmt);
             declaration != nullptr && declaration->isSingleDecl()) {
    variable = dyn_cast<VarDecl>(declaration->getSingleDecl());
    if (variable == nullptr || variable->hasAttrs() || variable->getStorageClass() != SC_None || !variable->hasInit())
      return;
    call = written_call(variable->getInit());
    if (declaration->getEndLoc().isFileID()) end = after_token(declaration->getEndLoc());
    declares = true;
  }
  if (variable == nullptr || call == nullptr || end.isInvalid() || !is_fetch(call->getDirectCallee()->getName()) ||
      call->getNumArgs() != 2)
    return;
  const QualType type = variable->getType();
  if (!variable->hasLocalStorage() || type.hasQualifiers() || !type->isPointerType() ||
      type->getPointeeType().hasQualifiers())
    return;
  const RecordDecl* record = type->getPointeeType()->getAsRecordDecl();
  if (record == nullptr || context_.record_name(*record) != "PyObject" || mentions(call, variable)) return;
  const auto taken = taken_next(variable, next, second);
  if (!taken || !stmt.getBeginLoc().isFileID() || !between(stmt.getBeginLoc(), taken->end)) return;
  auto texts = arguments(*call);
  if (!texts) return;
  keep({.kind = Shape::Kind::fetch,
        .span = span(stmt.getBeginLoc(), end),
        .call = context_.span(call->getSourceRange()),
        .variable = variable->getNameAsString(),
        .declares = declares,
        .arguments = std::move(*texts),
        .taken = span(taken->begin, taken->end),
        .taken_text = *between(taken->begin, taken->end)},
       stmt.getBeginLoc());
}

}  // namespace ftaudit::frontend
