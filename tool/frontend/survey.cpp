// A first walk over a function's tree, before its parts are met in evaluation order: which expressions API macros
// expanded to, whose values nobody uses, which constructor makes which variable.
#include "capi/capi.h"
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;

void Body::survey(const Stmt* stmt, bool discarded) {
  if (stmt == nullptr) return;
  if (const auto* expr = dyn_cast<Expr>(stmt)) {
    if (discarded) discarded_.insert(expr->IgnoreParenImpCasts()), discarded_.insert(expr);
    if (const auto* cleanups = dyn_cast<FullExpr>(expr)) return survey(cleanups->getSubExpr(), discarded);
    if (const auto* cast = dyn_cast<CStyleCastExpr>(expr); cast != nullptr && cast->getCastKind() == CK_ToVoid)
      return survey(cast->getSubExpr(), true);
    survey_macro(expr);
    survey_offset(expr);
    throws_ |= isa<CXXThrowExpr>(expr);
    if (const auto* created = dyn_cast<CXXNewExpr>(expr); created != nullptr && !created->isArray())
      if (const CXXConstructExpr* construct = created->getConstructExpr()) constructed_new_.emplace(construct, created);
    if (isa<LambdaExpr>(expr)) return;  // a function of its own
    if (const auto* block = dyn_cast<StmtExpr>(expr)) return survey(block->getSubStmt(), discarded);
    for (const Stmt* child : expr->children()) survey(child, false);
    return;
  }
  if (const auto* declaration = dyn_cast<DeclStmt>(stmt)) {
    for (const Decl* decl : declaration->decls())
      if (const auto* variable_decl = dyn_cast<VarDecl>(decl);
          variable_decl != nullptr && variable_decl->getInit() != nullptr) {
        if (const auto* construct = dyn_cast<CXXConstructExpr>(variable_decl->getInit()->IgnoreImplicit()))
          constructed_.emplace(construct, variable_decl);
        if (variable_decl->isStaticLocal() && variable_decl->getTLSKind() == VarDecl::TLS_None &&
            (!variable_decl->hasConstantInitialization() ||
             isa<CXXConstructExpr>(variable_decl->getInit()->IgnoreImplicit())))
          mark_once(variable_decl->getInit());
        note_offset(variable_decl->getInit(), variable_decl);
        survey(variable_decl->getInit(), false);
      }
    return;
  }
  // A statement that stands alone drops its value; what a statement tests or returns is used.
  has_handlers_ |= isa<CXXTryStmt>(stmt);
  if (isa<CompoundStmt, LabelStmt, AttributedStmt, CXXTryStmt, CXXCatchStmt>(stmt)) {
    for (const Stmt* child : stmt->children()) survey(child, true);
  } else if (const auto* branch = dyn_cast<IfStmt>(stmt)) {
    survey(branch->getInit(), true), survey(branch->getConditionVariableDeclStmt(), false),
        survey(branch->getCond(), false), survey(branch->getThen(), true), survey(branch->getElse(), true);
  } else if (const auto* loop = dyn_cast<WhileStmt>(stmt)) {
    survey(loop->getCond(), false), survey(loop->getBody(), true);
  } else if (const auto* last = dyn_cast<DoStmt>(stmt)) {
    survey(last->getBody(), true), survey(last->getCond(), false);
  } else if (const auto* counted = dyn_cast<ForStmt>(stmt)) {
    survey(counted->getInit(), true), survey(counted->getCond(), false), survey(counted->getInc(), true),
        survey(counted->getBody(), true);
  } else if (const auto* selection = dyn_cast<SwitchStmt>(stmt)) {
    survey(selection->getInit(), true), survey(selection->getCond(), false), survey(selection->getBody(), true);
  } else if (const auto* label = dyn_cast<SwitchCase>(stmt)) {
    survey(label->getSubStmt(), true);
  } else {
    for (const Stmt* child : stmt->children()) survey(child, false);
  }
}

void Body::mark_once(const Stmt* stmt) {
  if (stmt == nullptr) return;
  once_.insert(stmt);
  if (isa<LambdaExpr>(stmt)) return;
  for (const Stmt* child : stmt->children()) mark_once(child);
}

// Of what is added to a pointer, indexes it, or says how much memory is copied.
void Body::survey_offset(const Expr* expr) {
  if (const auto* binary = dyn_cast<BinaryOperator>(expr)) {
    if (binary->isAdditiveOp() || binary->isCompoundAssignmentOp())
      if (binary->getLHS()->getType()->isPointerType() || binary->getType()->isPointerType())
        note_offset(binary->getLHS(), nullptr), note_offset(binary->getRHS(), nullptr);
    if (binary->isAssignmentOp())
      if (const auto* name = dyn_cast<DeclRefExpr>(binary->getLHS()->IgnoreParens()))
        note_offset(binary->getRHS(), dyn_cast<VarDecl>(name->getDecl()));
  } else if (const auto* element = dyn_cast<ArraySubscriptExpr>(expr)) {
    note_offset(element->getIdx(), nullptr);
  } else if (const auto* cast = dyn_cast<CastExpr>(expr);
             cast != nullptr && cast->getCastKind() == CK_IntegralToPointer) {
    note_offset(cast->getSubExpr(), nullptr);
  } else if (const auto* call = dyn_cast<CallExpr>(expr)) {
    const FunctionDecl* callee = call->getDirectCallee();
    const IdentifierInfo* name = callee == nullptr ? nullptr : callee->getIdentifier();
    if (name != nullptr && (name->getName().contains("memcpy") || name->getName().contains("memmove") ||
                            name->getName().contains("memset") || name->getName().contains("memcmp")))
      for (const Expr* argument : call->arguments()) note_offset(argument, nullptr);
  }
}

// `kept`: the variable that is given the amount; null: it is used as an offset here.
void Body::note_offset(const Expr* amount, const VarDecl* kept) {
  amount = amount->IgnoreParenCasts();
  if (const auto* binary = dyn_cast<BinaryOperator>(amount); binary != nullptr && !binary->getType()->isPointerType()) {
    note_offset(binary->getLHS(), kept), note_offset(binary->getRHS(), kept);
  } else if (isa<UnaryExprOrTypeTraitExpr>(amount)) {
    if (kept == nullptr) offsets_.insert(amount);
    else kept_sizes_.emplace(amount, kept);
  } else if (const auto* name = dyn_cast<DeclRefExpr>(amount); name != nullptr && kept == nullptr) {
    if (const auto* variable = dyn_cast<VarDecl>(name->getDecl())) offset_variables_.insert(variable);
  }
}

bool Body::is_offset(const Expr* sized) const {
  const auto kept = kept_sizes_.find(sized);
  return offsets_.contains(sized) || (kept != kept_sizes_.end() && offset_variables_.contains(kept->second));
}

void Body::survey_macro(const Expr* expr) {
  const Provenance::Origin& first = provenance_.of(expr->getBeginLoc());
  if (first.name.empty() || !capi::is_expression_macro(first.name)) return;
  const Provenance::Origin& last = provenance_.of(expr->getEndLoc());
  if (last.name.empty() || last.expansion != first.expansion) return;
  const Expr* core = expr->IgnoreParens();
  // Only the outermost expression of one expansion: its parents were met before it.
  if (!surveyed_.insert(first.expansion.getHashValue()).second) return;
  // A call of the macro's own inline function needs no second name.
  if (const auto* called = dyn_cast<CallExpr>(core->IgnoreParenCasts());
      called != nullptr && called->getDirectCallee() != nullptr && called->getDirectCallee()->getName() == first.name)
    return;
  MacroCall found{first.name, {}};
  collect_arguments(core, first, found.arguments);
  // Pointers come before indices in every such macro, whatever order the expansion mentions them in.
  std::ranges::stable_partition(found.arguments,
                                [](const Expr* argument) { return argument->getType()->isPointerType(); });
  macro_calls_.emplace(core, std::move(found));
}

// The expressions under `stmt` that were given to the macro, each argument once.
void Body::collect_arguments(const Stmt* stmt, const Provenance::Origin& origin, std::vector<const Expr*>& out) {
  if (stmt == nullptr) return;
  if (const auto* expr = dyn_cast<Expr>(stmt)) {
    const SourceLocation begin = expr->getBeginLoc();
    const Provenance::Origin& own = provenance_.of(begin);
    if (own.name.empty() || own.expansion != origin.expansion) {
      const SourceLocation spelled = context_.sources.getSpellingLoc(begin);
      for (const Expr* known : out)
        if (context_.sources.getSpellingLoc(known->getBeginLoc()) == spelled) return;
      out.push_back(expr);
      return;
    }
  }
  for (const Stmt* child : stmt->children()) collect_arguments(child, origin, out);
}

}  // namespace ftaudit::frontend
