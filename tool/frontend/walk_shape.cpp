// Loops around PyDict_Next that could be a critical section: what they walk is steady, and they end by their end alone.
#include "frontend/shape_finder.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Shape;

bool Finder::changes(const Stmt* stmt, const ValueDecl* decl) {
  if (stmt == nullptr) return false;
  const auto is_it = [decl](const Expr* expr) {
    expr = expr->IgnoreParenCasts();
    const auto* ref = dyn_cast<DeclRefExpr>(expr);
    const auto* member = dyn_cast<MemberExpr>(expr);
    return (ref != nullptr && ref->getDecl() == decl) || (member != nullptr && member->getMemberDecl() == decl);
  };
  if (const auto* binary = dyn_cast<BinaryOperator>(stmt);
      binary != nullptr && binary->isAssignmentOp() && is_it(binary->getLHS()))
    return true;
  if (const auto* unary = dyn_cast<UnaryOperator>(stmt);
      unary != nullptr && (unary->getOpcode() == UO_AddrOf || unary->isIncrementDecrementOp()) &&
      is_it(unary->getSubExpr()))
    return true;
  return std::any_of(stmt->child_begin(), stmt->child_end(),
                     [decl](const Stmt* child) { return changes(child, decl); });
}

bool Finder::jumps(const Stmt* stmt, bool in_switch) {
  if (stmt == nullptr) return false;
  if (isa<ReturnStmt, GotoStmt, IndirectGotoStmt, LabelStmt, AsmStmt, CXXThrowExpr, CXXTryStmt, CoroutineBodyStmt,
          StmtExpr>(stmt))
    return true;
  if (isa<SwitchCase>(stmt) && !in_switch) return true;
  if (const auto* call = dyn_cast<CallExpr>(stmt);
      call != nullptr && call->getDirectCallee() != nullptr && call->getDirectCallee()->isNoReturn())
    return true;
  const bool inside = in_switch || isa<SwitchStmt>(stmt);
  return std::any_of(stmt->child_begin(), stmt->child_end(),
                     [inside](const Stmt* child) { return jumps(child, inside); });
}

bool Finder::steady(const Expr* expr, const Stmt& loop) {
  for (expr = expr->IgnoreParenCasts();;) {
    if (const auto* member = dyn_cast<MemberExpr>(expr)) {
      if (changes(&loop, member->getMemberDecl())) return false;
      expr = member->getBase()->IgnoreParenCasts();
      continue;
    }
    const auto* ref = dyn_cast<DeclRefExpr>(expr);
    return ref != nullptr && isa<VarDecl>(ref->getDecl()) && !changes(&loop, ref->getDecl());
  }
}

void Finder::walk(const Stmt& loop) {
  const auto* while_loop = dyn_cast<WhileStmt>(&loop);
  const auto* for_loop = dyn_cast<ForStmt>(&loop);
  if ((while_loop == nullptr && for_loop == nullptr) || context_.ast.getLangOpts().CPlusPlus) return;
  const CallExpr* call = written_call(while_loop != nullptr ? while_loop->getCond() : for_loop->getCond());
  const auto* body = dyn_cast<CompoundStmt>(while_loop != nullptr ? while_loop->getBody() : for_loop->getBody());
  if (call == nullptr || body == nullptr || call->getDirectCallee()->getName() != "PyDict_Next" ||
      call->getNumArgs() != 4)
    return;
  if (!loop.getBeginLoc().isFileID() || !loop.getEndLoc().isFileID() ||
      !between(loop.getBeginLoc(), after_token(loop.getEndLoc())))
    return;
  if (!steady(call->getArg(0), loop)) return;
  for (const Stmt* child : loop.children())
    if (jumps(child, false)) return;
  auto texts = arguments(*call);
  if (!texts) return;
  keep({.kind = Shape::Kind::walk,
        .span = context_.span(loop.getSourceRange()),
        .call = context_.span(call->getSourceRange()),
        .arguments = std::move(*texts)},
       loop.getBeginLoc());
}

}  // namespace ftaudit::frontend
