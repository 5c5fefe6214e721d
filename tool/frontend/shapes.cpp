#include "frontend/shapes.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Shape;

namespace {

bool is_fetch(StringRef callee) {
  return callee == "PyDict_GetItemWithError" || callee == "PyDict_GetItem" || callee == "PyDict_GetItemString" ||
         callee == "PyList_GetItem";
}

class Finder {
 public:
  Finder(Context& context, model::Function& out) : context_(context), sources_(context.sources), out_(out) {}

  void visit(const Stmt* stmt) {
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

 private:
  // A call by its name of something that is no macro, written out in a file.
  const CallExpr* written_call(const Expr* expr) const {
    const auto* call = expr == nullptr ? nullptr : dyn_cast<CallExpr>(expr->IgnoreParenImpCasts());
    if (call == nullptr || call->getDirectCallee() == nullptr || call->getDirectCallee()->getIdentifier() == nullptr)
      return nullptr;
    return call->getBeginLoc().isFileID() && call->getEndLoc().isFileID() ? call : nullptr;
  }

  // The text between two places of one file; nothing where a line of it is the preprocessor's.
  std::optional<std::string> between(SourceLocation begin, SourceLocation end) const {
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

  SourceLocation after_token(SourceLocation at) const {
    return Lexer::getLocForEndOfToken(at, 0, sources_, context_.ast.getLangOpts());
  }

  // Just behind the semicolon that follows `last`; invalid where none does.
  SourceLocation after_semicolon(SourceLocation last) const {
    if (last.isMacroID()) {
      if (!sources_.isMacroBodyExpansion(last) && !sources_.isMacroArgExpansion(last)) return {};
      last = sources_.getExpansionRange(last).getEnd();
    }
    return Lexer::findLocationAfterToken(last, tok::semi, sources_, context_.ast.getLangOpts(), false);
  }

  model::Span span(SourceLocation begin, SourceLocation end) const {
    // A span's end is a token; `end` is one past.
    return context_.span(SourceRange(begin, end.getLocWithOffset(-1)));
  }

  // What was given to the call, white space made single; nothing where that would change it.
  std::optional<std::vector<std::string>> arguments(const CallExpr& call) const {
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

  static const VarDecl* variable_of(const Expr* expr) {
    const auto* ref = expr == nullptr ? nullptr : dyn_cast<DeclRefExpr>(expr->IgnoreParenCasts());
    return ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
  }

  static bool mentions(const Stmt* stmt, const ValueDecl* decl) {
    if (stmt == nullptr) return false;
    if (const auto* ref = dyn_cast<DeclRefExpr>(stmt); ref != nullptr && ref->getDecl() == decl) return true;
    if (const auto* member = dyn_cast<MemberExpr>(stmt); member != nullptr && member->getMemberDecl() == decl)
      return true;
    return std::any_of(stmt->child_begin(), stmt->child_end(),
                       [decl](const Stmt* child) { return mentions(child, decl); });
  }

  // Gives `decl` another value, or its address away.
  static bool changes(const Stmt* stmt, const ValueDecl* decl) {
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

  // Control may leave the statement, or come into its middle, by another way than its end. `in_switch`: a case label
  // belongs to a switch inside of it.
  static bool jumps(const Stmt* stmt, bool in_switch) {
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

  // A variable or a field of a field of one, none of which the loop changes.
  static bool steady(const Expr* expr, const Stmt& loop) {
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

  void walk(const Stmt& loop) {
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

  // `Py_INCREF(variable);`, with its range.
  struct Taking {
    SourceLocation begin, end;
    bool checks = false;  // Py_XINCREF
  };
  std::optional<Taking> taking(const Stmt* stmt, const VarDecl* variable) const {
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

  // How the statement tests the variable: true for `if (x != NULL)`, false for `if (x == NULL)`.
  static std::optional<bool> tested(const IfStmt& branch, const VarDecl* variable, ASTContext& ast) {
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

  static bool leaves(const Stmt* stmt) {
    if (const auto* block = dyn_cast_or_null<CompoundStmt>(stmt))
      return !block->body_empty() && leaves(block->body_back());
    return stmt != nullptr && isa<ReturnStmt, GotoStmt, BreakStmt, ContinueStmt>(stmt);
  }

  // The reference taken right after the fetch, once it is known that there is something: `Py_XINCREF(x);`, or Py_INCREF
  // after `if (x == NULL) leave` or first in `if (x != NULL) {`.
  std::optional<Taking> taken_next(const VarDecl* variable, const Stmt& next, const Stmt* second) const {
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

  void fetch(const Stmt& stmt, const Stmt& next, const Stmt* second) {
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

  // PyModule_Create, which is a macro, written out in a file.
  const CallExpr* written_creation(const Expr* expr) const {
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

  struct Creation {
    const CallExpr* call = nullptr;
    const VarDecl* variable = nullptr;
  };
  // `variable = PyModule_Create(...)`.
  std::optional<Creation> created(const Expr* expr) const {
    const auto* assignment = expr == nullptr ? nullptr : dyn_cast<BinaryOperator>(expr->IgnoreParenImpCasts());
    if (assignment == nullptr || assignment->getOpcode() != BO_Assign ||
        !assignment->getLHS()->getBeginLoc().isFileID())
      return std::nullopt;
    const auto* ref = dyn_cast<DeclRefExpr>(assignment->getLHS()->IgnoreParens());
    const auto* variable = ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
    const CallExpr* call = written_creation(assignment->getRHS());
    if (variable == nullptr || call == nullptr) return std::nullopt;
    return Creation{call, variable};
  }

  // `if ((variable = PyModule_Create(...)) == NULL)`, with or without the words of the test.
  std::optional<Creation> created_in(const IfStmt& branch) const {
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

  // Just behind an `if` that leaves and has no else; invalid where it is none.
  SourceLocation after_leaving(const IfStmt& branch) const {
    if (branch.getElse() != nullptr || branch.getInit() != nullptr || branch.getConditionVariable() != nullptr ||
        !leaves(branch.getThen()))
      return {};
    const SourceLocation last = branch.getThen()->getEndLoc();
    if (!isa<CompoundStmt>(branch.getThen())) return after_semicolon(last);
    return last.isFileID() ? after_token(last) : SourceLocation();
  }

  void creation(const Stmt& stmt, const Stmt* next) {
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

  void keep(Shape shape, SourceLocation where) {
    context_.remember(where);
    out_.shapes.push_back(std::move(shape));
  }

  Context& context_;
  SourceManager& sources_;
  model::Function& out_;
};

}  // namespace

void find_shapes(Context& context, const Stmt& body, model::Function& out) { Finder(context, out).visit(&body); }

}  // namespace ftaudit::frontend
