#include "frontend/missing_names.h"

#include <clang/Lex/Preprocessor.h>
#include <clang/Sema/ExternalSemaSource.h>
#include <clang/Sema/Lookup.h>
#include <clang/Sema/Scope.h>
#include <clang/Sema/Sema.h>

#include <optional>

namespace ftaudit::frontend {

using namespace clang;

namespace {

class MissingNames final : public ExternalSemaSource {
 public:
  explicit MissingNames(Sema& sema) : sema_(sema) {}

  // Asked last, of a name that nothing declares.
  bool LookupUnqualified(LookupResult& found, Scope* scope) override {
    IdentifierInfo* name = found.getLookupName().getAsIdentifierInfo();
    if (name == nullptr || found.getLookupKind() != Sema::LookupOrdinaryName || found.isForRedeclaration() ||
        scope == nullptr || found.getNameLoc().isInvalid())
      return false;
    NamedDecl* declared = nullptr;
    if (const auto use = type_use(found.getNameLoc(), *scope)) declared = type(found, *use == Use::by_pointer);
    else if (!scope->isFunctionPrototypeScope()) declared = text(found, scope->getFnParent() != nullptr);
    if (declared == nullptr) return false;
    sema_.PushOnScopeChains(declared, sema_.TUScope, true);
    found.addDecl(declared);
    found.resolveKind();
    return true;
  }

 private:
  enum class Use { by_value, by_pointer };

  NamedDecl* text(const LookupResult& found, bool in_function) {
    if (!stands_alone(found.getNameLoc(), in_function)) return nullptr;
    sema_.Diag(found.getNameLoc(), diag::err_undeclared_var_use) << found.getLookupName();
    ASTContext& ast = sema_.getASTContext();
    const QualType type = ast.getIncompleteArrayType(ast.CharTy.withConst(), ArraySizeModifier::Normal, 0);
    VarDecl* declared = VarDecl::Create(ast, ast.getTranslationUnitDecl(), found.getNameLoc(), found.getNameLoc(),
                                        found.getLookupName().getAsIdentifierInfo(), type,
                                        ast.getTrivialTypeSourceInfo(type, found.getNameLoc()), SC_Extern);
    // It may be a local whose type is unknown: nothing that threads share. A cell wants an address that is constant.
    if (in_function) declared->setTSCSpec(TSCS___thread);
    return declared;
  }

  NamedDecl* type(const LookupResult& found, bool record) {
    sema_.Diag(found.getNameLoc(), diag::err_unknown_typename) << found.getLookupName();
    ASTContext& ast = sema_.getASTContext();
    TranslationUnitDecl* unit = ast.getTranslationUnitDecl();
    IdentifierInfo* name = found.getLookupName().getAsIdentifierInfo();
    const SourceLocation where = found.getNameLoc();
    QualType type = ast.IntTy;
    if (record) {
      RecordDecl* made = sema_.getLangOpts().CPlusPlus
                             ? CXXRecordDecl::Create(ast, TagTypeKind::Struct, unit, where, where, name)
                             : RecordDecl::Create(ast, TagTypeKind::Struct, unit, where, where, name);
      made->startDefinition();
      made->completeDefinition();
      type = ast.getRecordType(made);
    }
    return TypedefDecl::Create(ast, unit, where, where, name, ast.getTrivialTypeSourceInfo(type, where));
  }

  // A cell between braces or commas, or in a function an argument: no type, no call, no operand.
  bool stands_alone(SourceLocation where, bool in_function) const {
    const auto next = next_token(where);
    return next && next->isOneOf(tok::comma, in_function ? tok::r_paren : tok::r_brace);
  }

  // `T x`, `T *x` where a declaration can begin, and `(T *)`: no expression looks like that.
  std::optional<Use> type_use(SourceLocation where, const Scope& scope) const {
    auto next = next_token(where);
    if (!next) return std::nullopt;
    if (is_const(*next)) next = next_token(next->getLocation());
    if (!next) return std::nullopt;
    if (is_declared(*next)) return begins(where, scope) ? std::optional(Use::by_value) : std::nullopt;
    if (next->isNot(tok::star)) return std::nullopt;
    while (next && (next->is(tok::star) || is_const(*next))) next = next_token(next->getLocation());
    if (!next) return std::nullopt;
    if (next->is(tok::r_paren)) return Use::by_pointer;
    return is_declared(*next) && begins(where, scope) ? std::optional(Use::by_pointer) : std::nullopt;
  }

  std::optional<Token> next_token(SourceLocation where) const {
    return Lexer::findNextToken(where, sema_.getSourceManager(), sema_.getLangOpts());
  }

  bool is_name(const Token& token) const {
    return token.is(tok::raw_identifier) &&
           !sema_.getPreprocessor().getIdentifierInfo(token.getRawIdentifier())->isKeyword(sema_.getLangOpts());
  }
  // A name, and behind it what can follow the name of a variable, a field, a parameter or a function: no word.
  bool is_declared(const Token& token) const {
    const auto next = is_name(token) ? next_token(token.getLocation()) : std::nullopt;
    return next && next->isOneOf(tok::semi, tok::comma, tok::equal, tok::l_paren, tok::r_paren, tok::l_square,
                                 tok::l_brace, tok::colon);
  }
  static bool is_const(const Token& token) {
    return token.is(tok::raw_identifier) && token.getRawIdentifier() == "const";
  }

  // Outside bodies there are no expressions of two names. In one, a declaration begins its line, or a statement.
  bool begins(SourceLocation where, const Scope& scope) const {
    if (scope.getFnParent() == nullptr || scope.isClassScope() || scope.isFunctionPrototypeScope()) return true;
    if (where.isMacroID()) return false;
    const SourceManager& sources = sema_.getSourceManager();
    const auto [file, offset] = sources.getDecomposedLoc(where);
    const StringRef before = sources.getBufferData(file).take_front(offset).rtrim(" \t");
    return before.empty() || before.ends_with("\n") || before.ends_with(";") || before.ends_with("{") ||
           before.ends_with("}") || before.ends_with("*/") || before.ends_with("const") || before.ends_with("static") ||
           before.ends_with("(");
  }

  Sema& sema_;
};

}  // namespace

llvm::IntrusiveRefCntPtr<ExternalSemaSource> missing_names(Sema& sema) {
  return llvm::makeIntrusiveRefCnt<MissingNames>(sema);
}

}  // namespace ftaudit::frontend
