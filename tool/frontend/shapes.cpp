#include "frontend/shapes.h"

#include "frontend/shape_finder.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Shape;

void Finder::visit(const Stmt* stmt) {
  if (stmt == nullptr || isa<LambdaExpr>(stmt)) return;
  if (const auto* block = dyn_cast<CompoundStmt>(stmt)) {
    const std::vector<const Stmt*> all(block->body_begin(), block->body_end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      walk(*all[i]);
      creation(*all[i], i + 1 < all.size() ? all[i + 1] : nullptr);
      if (i + 1 < all.size()) fetch(*all[i], *all[i + 1], i + 2 < all.size() ? all[i + 2] : nullptr);
    }
  }
  for (const Stmt* child : stmt->children()) visit(child);
}

const CallExpr* Finder::written_call(const Expr* expr) const {
  const auto* call = expr == nullptr ? nullptr : dyn_cast<CallExpr>(expr->IgnoreParenImpCasts());
  if (call == nullptr || call->getDirectCallee() == nullptr || call->getDirectCallee()->getIdentifier() == nullptr)
    return nullptr;
  return call->getBeginLoc().isFileID() && call->getEndLoc().isFileID() ? call : nullptr;
}

std::optional<std::string> Finder::between(SourceLocation begin, SourceLocation end) const {
  if (!begin.isFileID() || !end.isFileID()) return std::nullopt;
  const auto [file, first] = sources_.getDecomposedLoc(begin);
  const auto [other, last] = sources_.getDecomposedLoc(end);
  const auto buffer = sources_.getBufferDataOrNone(file);
  if (file != other || last < first || !buffer || last > buffer->size()) return std::nullopt;
  const StringRef text = buffer->slice(first, last);
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (const StringRef line : lines)
    if (line.ltrim().starts_with("#") || line.ltrim().starts_with("%:")) return std::nullopt;
  return text.str();
}

SourceLocation Finder::after_token(SourceLocation at) const {
  return Lexer::getLocForEndOfToken(at, 0, sources_, context_.ast.getLangOpts());
}

SourceLocation Finder::after_semicolon(SourceLocation last) const {
  if (last.isMacroID()) {
    if (!sources_.isMacroBodyExpansion(last) && !sources_.isMacroArgExpansion(last)) return {};
    last = sources_.getExpansionRange(last).getEnd();
  }
  return Lexer::findLocationAfterToken(last, tok::semi, sources_, context_.ast.getLangOpts(), false);
}

model::Span Finder::span(SourceLocation begin, SourceLocation end) const {
  // A span's end is a token; `end` is one past.
  return context_.span(SourceRange(begin, end.getLocWithOffset(-1)));
}

std::optional<std::vector<std::string>> Finder::arguments(const CallExpr& call) const {
  std::vector<std::string> out;
  for (const Expr* argument : call.arguments()) {
    SourceLocation begin = argument->getBeginLoc(), end = argument->getEndLoc();
    if (begin.isMacroID()) begin = sources_.getExpansionRange(begin).getBegin();
    if (end.isMacroID()) end = sources_.getExpansionRange(end).getEnd();
    if (end.isMacroID() || begin.isMacroID()) return std::nullopt;
    const auto text = between(begin, after_token(end));
    if (!text) return std::nullopt;
    for (const char* awkward : {"//", "/*", "\\"})
      if (text->find(awkward) != std::string::npos) return std::nullopt;
    std::string flat;
    for (const char c : *text) {
      const bool blank = c == '\n' || c == '\r' || c == '\t';
      if (!blank || flat.empty() || flat.back() != ' ') flat += blank ? ' ' : c;
    }
    out.push_back(std::move(flat));
  }
  return out;
}

const VarDecl* Finder::variable_of(const Expr* expr) {
  const auto* ref = expr == nullptr ? nullptr : dyn_cast<DeclRefExpr>(expr->IgnoreParenCasts());
  return ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
}

bool Finder::mentions(const Stmt* stmt, const ValueDecl* decl) {
  if (stmt == nullptr) return false;
  if (const auto* ref = dyn_cast<DeclRefExpr>(stmt); ref != nullptr && ref->getDecl() == decl) return true;
  if (const auto* member = dyn_cast<MemberExpr>(stmt); member != nullptr && member->getMemberDecl() == decl)
    return true;
  return std::any_of(stmt->child_begin(), stmt->child_end(),
                     [decl](const Stmt* child) { return mentions(child, decl); });
}

std::optional<bool> Finder::tested(const IfStmt& branch, const VarDecl* variable, ASTContext& ast) {
  const Expr* core = branch.getCond()->IgnoreParenImpCasts();
  if (variable_of(core) == variable) return true;
  if (const auto* unary = dyn_cast<UnaryOperator>(core);
      unary != nullptr && unary->getOpcode() == UO_LNot && variable_of(unary->getSubExpr()) == variable)
    return false;
  const auto* binary = dyn_cast<BinaryOperator>(core);
  if (binary == nullptr || !binary->isEqualityOp()) return std::nullopt;
  for (const auto& [one, other] :
       {std::pair(binary->getLHS(), binary->getRHS()), std::pair(binary->getRHS(), binary->getLHS())})
    if (variable_of(one) == variable &&
        other->isNullPointerConstant(ast, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull)
      return binary->getOpcode() == BO_NE;
  return std::nullopt;
}

bool Finder::leaves(const Stmt* stmt) {
  if (const auto* block = dyn_cast_or_null<CompoundStmt>(stmt))
    return !block->body_empty() && leaves(block->body_back());
  return stmt != nullptr && isa<ReturnStmt, GotoStmt, BreakStmt, ContinueStmt>(stmt);
}

void Finder::keep(Shape shape, SourceLocation where) {
  context_.remember(where);
  out_.shapes.push_back(std::move(shape));
}

void find_shapes(Context& context, const Stmt& body, model::Function& out) { Finder(context, out).visit(&body); }

}  // namespace ftaudit::frontend
