#include "frontend/missing_names.h"

#include <clang/Sema/ExternalSemaSource.h>
#include <clang/Sema/Lookup.h>
#include <clang/Sema/Scope.h>
#include <clang/Sema/Sema.h>

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
        scope == nullptr || scope->isFunctionPrototypeScope())
      return false;
    const bool in_function = scope->getFnParent() != nullptr;
    if (!stands_alone(found.getNameLoc(), in_function)) return false;
    sema_.Diag(found.getNameLoc(), diag::err_undeclared_var_use) << found.getLookupName();
    ASTContext& ast = sema_.getASTContext();
    const QualType text = ast.getIncompleteArrayType(ast.CharTy.withConst(), ArraySizeModifier::Normal, 0);
    VarDecl* declared =
        VarDecl::Create(ast, ast.getTranslationUnitDecl(), found.getNameLoc(), found.getNameLoc(), name, text,
                        ast.getTrivialTypeSourceInfo(text, found.getNameLoc()), SC_Extern);
    // It may be a local whose type is unknown: nothing that threads share. A cell wants an address that is constant.
    if (in_function) declared->setTSCSpec(TSCS___thread);
    sema_.PushOnScopeChains(declared, sema_.TUScope, true);
    found.addDecl(declared);
    found.resolveKind();
    return true;
  }

 private:
  // A cell between braces or commas, or in a function an argument: no type, no call, no operand.
  bool stands_alone(SourceLocation where, bool in_function) const {
    const auto next = Lexer::findNextToken(where, sema_.getSourceManager(), sema_.getLangOpts());
    return next && next->isOneOf(tok::comma, in_function ? tok::r_paren : tok::r_brace);
  }

  Sema& sema_;
};

}  // namespace

llvm::IntrusiveRefCntPtr<ExternalSemaSource> missing_names(Sema& sema) {
  return llvm::makeIntrusiveRefCnt<MissingNames>(sema);
}

}  // namespace ftaudit::frontend
