// PyModule_Create, and the place behind it where the module is there for sure.
#include "frontend/shape_finder.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Shape;

const CallExpr* Finder::written_creation(const Expr* expr) const {
  const auto* call = expr == nullptr ? nullptr : dyn_cast<CallExpr>(expr->IgnoreParenImpCasts());
  if (call == nullptr || call->getDirectCallee() == nullptr || call->getDirectCallee()->getIdentifier() == nullptr ||
      !call->getDirectCallee()->getName().starts_with("PyModule_Create"))
    return nullptr;
  SourceLocation begin = call->getBeginLoc();
  if (begin.isMacroID()) begin = sources_.getExpansionRange(begin).getBegin();
  return begin.isFileID() && call->getNumArgs() > 0 &&
                 StringRef(context_.token_at(begin)).starts_with("PyModule_Create")
             ? call
             : nullptr;
}

std::optional<Finder::Creation> Finder::created(const Expr* expr) const {
  const auto* assignment = expr == nullptr ? nullptr : dyn_cast<BinaryOperator>(expr->IgnoreParenImpCasts());
  if (assignment == nullptr || assignment->getOpcode() != BO_Assign || !assignment->getLHS()->getBeginLoc().isFileID())
    return std::nullopt;
  const auto* ref = dyn_cast<DeclRefExpr>(assignment->getLHS()->IgnoreParens());
  const auto* variable = ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
  const CallExpr* call = written_creation(assignment->getRHS());
  if (variable == nullptr || call == nullptr) return std::nullopt;
  return Creation{call, variable};
}

std::optional<Finder::Creation> Finder::created_in(const IfStmt& branch) const {
  const Expr* core = branch.getCond()->IgnoreParenImpCasts();
  if (const auto* unary = dyn_cast<UnaryOperator>(core); unary != nullptr && unary->getOpcode() == UO_LNot)
    return created(unary->getSubExpr());
  const auto* binary = dyn_cast<BinaryOperator>(core);
  if (binary == nullptr || binary->getOpcode() != BO_EQ) return std::nullopt;
  for (const auto& [one, other] :
       {std::pair(binary->getLHS(), binary->getRHS()), std::pair(binary->getRHS(), binary->getLHS())})
    if (other->isNullPointerConstant(context_.ast, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull)
      return created(one);
  return std::nullopt;
}

SourceLocation Finder::after_leaving(const IfStmt& branch) const {
  if (branch.getElse() != nullptr || branch.getInit() != nullptr || branch.getConditionVariable() != nullptr ||
      !leaves(branch.getThen()))
    return {};
  const SourceLocation last = branch.getThen()->getEndLoc();
  if (!isa<CompoundStmt>(branch.getThen())) return after_semicolon(last);
  return last.isFileID() ? after_token(last) : SourceLocation();
}

void Finder::creation(const Stmt& stmt, const Stmt* next) {
  Creation made;
  SourceLocation end;
  bool tested_here = false;
  if (const auto* declaration = dyn_cast<DeclStmt>(&stmt); declaration != nullptr && declaration->isSingleDecl()) {
    made.variable = dyn_cast<VarDecl>(declaration->getSingleDecl());
    made.call = made.variable == nullptr ? nullptr : written_creation(made.variable->getInit());
    if (declaration->getEndLoc().isFileID()) end = after_token(declaration->getEndLoc());
  } else if (const auto* branch = dyn_cast<IfStmt>(&stmt)) {
    made = created_in(*branch).value_or(Creation());
    if (made.call != nullptr) end = after_leaving(*branch), tested_here = true;
  } else if (const auto* leaving = dyn_cast<ReturnStmt>(&stmt)) {
    made.call = written_creation(leaving->getRetValue());
    if (made.call != nullptr) end = after_semicolon(leaving->getEndLoc());
  } else if (const auto* expr = dyn_cast<Expr>(&stmt)) {
    made = created(expr).value_or(Creation());
    if (made.call != nullptr) end = after_semicolon(expr->getEndLoc());
  }
  if (made.call == nullptr || end.isInvalid() || !stmt.getBeginLoc().isFileID() || !between(stmt.getBeginLoc(), end))
    return;
  if (made.variable != nullptr &&
      (made.variable->getType().isVolatileQualified() || !made.variable->getType()->isPointerType()))
    return;
  // Where the next statement is the test, the place behind it is the natural one.
  if (const auto* branch = next == nullptr ? nullptr : dyn_cast<IfStmt>(next);
      branch != nullptr && made.variable != nullptr && !tested_here &&
      tested(*branch, made.variable, context_.ast) == false)
    if (const SourceLocation behind = after_leaving(*branch); behind.isValid() && between(stmt.getBeginLoc(), behind))
      end = behind, tested_here = true;
  // Given to a macro, it stands in the file as it was written.
  const Expr& given = *made.call->getArg(0)->IgnoreParenImpCasts();
  const std::string definition =
      between(sources_.getSpellingLoc(given.getBeginLoc()), after_token(sources_.getSpellingLoc(given.getEndLoc())))
          .value_or("");
  keep({.kind = Shape::Kind::creation,
        .span = span(stmt.getBeginLoc(), end),
        .call = context_.span(made.call->getSourceRange()),
        .variable = made.variable == nullptr ? "" : made.variable->getNameAsString(),
        .arguments = {definition},
        .tested = tested_here},
       stmt.getBeginLoc());
}

}  // namespace ftaudit::frontend
