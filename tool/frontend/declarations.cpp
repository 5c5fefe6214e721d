#include "frontend/declarations.h"

#include <clang/Sema/ExternalSemaSource.h>
#include <clang/Sema/Sema.h>
#include <clang/Sema/SemaConsumer.h>

#include "frontend/body.h"
#include "frontend/missing_names.h"
#include "frontend/shapes.h"
#include "frontend/tables.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

constexpr unsigned instances_of_one_template = 4;  // enough to see what its code does
// Of short ones more: what makes an object of each class is known by what it gives for that class.
constexpr unsigned lines_of_short_one = 12, instances_of_short_one = 24;

class Walk final : public SemaConsumer {
 public:
  Walk(const Settings& settings, model::Facts& facts, Preprocessing& preprocessing, const Diagnostics& diagnostics)
      : settings_(settings), facts_(facts), preprocessing_(preprocessing), diagnostics_(diagnostics) {}

  void Initialize(ASTContext& ast) override {
    context_ = std::make_unique<Context>(ast, settings_, facts_, preprocessing_.binding_versions);
  }

  void InitializeSema(Sema& sema) override { sema.addExternalSource(missing_names(sema).get()); }

  // Bodies outside the project are not asked for; Clang keeps those it needs itself (constexpr, deduced types).
  bool shouldSkipFunctionBody(Decl* decl) override {
    return context_ != nullptr && !context_->in_project(decl->getLocation());
  }

  void HandleTranslationUnit(ASTContext& ast) override {
    provenance_ = std::make_unique<Provenance>(ast.getSourceManager(), ast.getLangOpts());
    scope(*ast.getTranslationUnitDecl());
    for (std::size_t i = 0; i < context_->pending.size(); ++i) {  // grows while lambdas hold lambdas
      const Context::Lambda lambda = context_->pending[i];
      function(*lambda.body, &lambda);
    }
    for (const FunctionDecl* body : closures_) function(*body, nullptr);  // met nowhere else: in a default argument
    preprocessing_.write(*context_);
    for (const auto& [where, name] : diagnostics_.absent)
      if (context_->in_project(where)) facts_.absences.push_back({context_->span(SourceRange(where)), name});
  }

 private:
  void scope(const DeclContext& scope_decl) {
    for (const Decl* decl : scope_decl.decls()) declaration(*decl);
  }

  unsigned instances_of(const FunctionTemplateDecl& of) const {
    const SourceRange range = of.getTemplatedDecl()->getSourceRange();
    const unsigned lines = context_->sources.getExpansionLineNumber(range.getEnd()) -
                           context_->sources.getExpansionLineNumber(range.getBegin());
    return lines < lines_of_short_one ? instances_of_short_one : instances_of_one_template;
  }

  void declaration(const Decl& decl) {
    if (const auto* space = dyn_cast<NamespaceDecl>(&decl)) return scope(*space);
    if (const auto* linkage = dyn_cast<LinkageSpecDecl>(&decl)) return scope(*linkage);
    // Templates may be defined elsewhere and instantiated with the project's types; only the project's own are facts.
    if (!context_->in_project(decl.getLocation())) return;
    if (const auto* function_template = dyn_cast<FunctionTemplateDecl>(&decl)) {
      unsigned kept = 0;
      const unsigned most = instances_of(*function_template);
      for (const FunctionDecl* instance : function_template->specializations())
        if (instance->isThisDeclarationADefinition() && instance->hasBody() && kept++ < most)
          function(*instance, nullptr);
      if (kept == 0 && function_template->isThisDeclarationADefinition())
        pattern(*function_template->getTemplatedDecl());
    } else if (const auto* class_template = dyn_cast<ClassTemplateDecl>(&decl)) {
      unsigned kept = 0;
      for (const ClassTemplateSpecializationDecl* instance : class_template->specializations())
        if (instance->hasDefinition() && instance->getSpecializationKind() != TSK_ExplicitSpecialization &&
            kept++ < instances_of_one_template)
          record(*instance);
      if (class_template->isThisDeclarationADefinition()) members_without_instance(*class_template);
    } else if (const auto* function_decl = dyn_cast<FunctionDecl>(&decl)) {
      if (function_decl->isThisDeclarationADefinition())
        function_decl->isDependentContext() ? pattern(*function_decl) : function(*function_decl, nullptr);
    } else if (const auto* record_decl = dyn_cast<RecordDecl>(&decl)) {
      record(*record_decl);
    } else if (const auto* variable = dyn_cast<VarDecl>(&decl)) {
      if (variable->isInvalidDecl() || isa<VarTemplateSpecializationDecl>(variable) ||
          variable->getType()->isDependentType())
        return;
      const model::GlobalId global = context_->global(*variable);
      add_table(*context_, *variable);
      if (context_->ast.getLangOpts().CPlusPlus && variable->getInit() != nullptr) initialiser(*variable, global);
    }
  }

  // The members of a class template that no instance has a body of: nobody calls them here.
  void members_without_instance(const ClassTemplateDecl& class_template) {
    std::unordered_set<const FunctionDecl*> made;
    for (const ClassTemplateSpecializationDecl* instance : class_template.specializations())
      for (const Decl* member : instance->decls())
        if (const auto* method = dyn_cast<FunctionDecl>(member); method != nullptr && method->hasBody())
          if (const FunctionDecl* from = method->getInstantiatedFromMemberFunction())
            made.insert(from->getCanonicalDecl());
    for (const Decl* member : class_template.getTemplatedDecl()->decls())
      if (const auto* method = dyn_cast<FunctionDecl>(member);
          method != nullptr && method->isThisDeclarationADefinition() && !method->isImplicit() &&
          !method->isDefaulted() && !made.contains(method->getCanonicalDecl()))
        pattern(*method);
  }

  // Lambdas in the initialiser of a variable go by its name; code that runs when the module is loaded is a function.
  void initialiser(const VarDecl& variable, model::GlobalId global) {
    const std::string name = context_->name(variable);
    const Expr* init = variable.getInit();
    if (init->isValueDependent()) return;
    model::FunctionKey own;
    if (facts_.globals[global].runtime_initialised &&
        variable.isThisDeclarationADefinition() != VarDecl::DeclarationOnly) {
      model::Function out;
      own = out.key = {facts_.globals[global].key + " initialiser"};
      if (!functions_.insert(out.key.text).second) return;
      out.name = "initialiser of " + name;
      out.span = context_->span(variable.getSourceRange());
      out.name_span = context_->span(SourceRange(variable.getLocation()));
      out.is_initialiser = true;
      lambdas(*init, own, name);
      Body body(*context_, *provenance_, variable, out);
      if (body.lower()) keep(std::move(out));
      return;
    }
    lambdas(*init, own, name);
  }

  void lambdas(const Expr& init, const model::FunctionKey& parent, const std::string& name) {
    const Expr* core = init.IgnoreImplicit();
    if (const auto* made = dyn_cast<CXXConstructExpr>(core); made != nullptr && made->getNumArgs() == 1)
      core = made->getArg(0)->IgnoreImplicit();
    if (const auto* converted = dyn_cast<CXXMemberCallExpr>(core))
      core = converted->getImplicitObjectArgument()->IgnoreImplicit();
    if (const auto* whole = dyn_cast<LambdaExpr>(core->IgnoreParens())) return context_->meet(*whole, parent, name);
    inner_lambdas(init, parent, "lambda in " + name);
  }

  void inner_lambdas(const Stmt& stmt, const model::FunctionKey& parent, const std::string& name) {
    if (const auto* lambda = dyn_cast<LambdaExpr>(&stmt)) return context_->meet(*lambda, parent, name);
    for (const Stmt* child : stmt.children())
      if (child != nullptr) inner_lambdas(*child, parent, name);
  }

  void record(const RecordDecl& decl) {
    if (!decl.isThisDeclarationADefinition()) return;
    const auto* cxx = dyn_cast<CXXRecordDecl>(&decl);
    if (cxx != nullptr && cxx->isLambda()) {
      if (const CXXMethodDecl* body = cxx->getLambdaCallOperator(); body != nullptr && !body->isDependentContext())
        closures_.push_back(body);
      return;
    }
    if (cxx != nullptr && cxx->isDependentContext()) {
      for (const Decl* member : cxx->decls())
        if (const auto* method = dyn_cast<FunctionDecl>(member);
            method != nullptr && method->isThisDeclarationADefinition() && !method->isImplicit())
          pattern(*method);
      return;
    }
    model::Record out;
    out.name = context_->record_name(decl);
    out.span = context_->span(SourceRange(decl.getLocation()));
    out.is_union = decl.isUnion();
    out.is_object = context_->is_object(decl);
    // Where the type of a field is not known, for want of its header, the others are fields all the same.
    const bool laid_out = decl.isCompleteDefinition() && !decl.isDependentType() && !decl.isInvalidDecl() &&
                          std::none_of(decl.field_begin(), decl.field_end(),
                                       [](const FieldDecl* field) { return field->isInvalidDecl(); });
    fields(decl, laid_out, 0, out.fields);
    if (cxx != nullptr)
      for (const CXXBaseSpecifier& base : cxx->bases())
        if (const RecordDecl* parent = base.getType()->getAsRecordDecl())
          out.bases.push_back(context_->record_name(*parent));
    if (!out.name.empty() && !decl.isAnonymousStructOrUnion() && records_.insert(out.name).second)
      facts_.records.push_back(std::move(out));
    if (cxx == nullptr)
      for (const Decl* member : decl.decls())
        if (const auto* nested = dyn_cast<RecordDecl>(member)) record(*nested);
    if (cxx == nullptr) return;
    for (const Decl* member : cxx->decls()) {
      if (member->isImplicit() && !isa<FunctionDecl>(member)) continue;
      if (const auto* method = dyn_cast<FunctionDecl>(member); method != nullptr && method->isImplicit()) {
        if (method->isThisDeclarationADefinition() && method->hasBody() && !method->isTrivial())
          function(*method, nullptr);
        continue;
      }
      declaration(*member);
    }
  }

  // Those of an anonymous struct or union are fields of the record around it.
  void fields(const RecordDecl& decl, bool laid_out, std::uint64_t start, std::vector<model::Field>& out) {
    for (const FieldDecl* field : decl.fields()) {
      const std::uint64_t offset = laid_out ? start + context_->ast.getFieldOffset(field) / 8 : 0;
      if (const RecordDecl* inner = field->getType()->getAsRecordDecl();
          inner != nullptr && field->isAnonymousStructOrUnion())
        fields(*inner, laid_out, offset, out);
      else
        out.push_back({field->getNameAsString(), context_->type(field->getType()),
                       context_->span(SourceRange(field->getLocation())), field->isBitField(), false, offset});
    }
  }

  model::Function described(const FunctionDecl& decl) {
    model::Function out;
    out.key = context_->key(decl);
    out.name = context_->name(decl);
    out.span = context_->span(decl.getSourceRange());
    out.name_span = context_->span(SourceRange(decl.getLocation()));
    out.result = context_->type(decl.getReturnType());
    out.is_external = decl.isExternallyVisible();
    out.is_constructor = isa<CXXConstructorDecl>(decl);
    out.is_destructor = isa<CXXDestructorDecl>(decl);
    out.is_instance = decl.isTemplateInstantiation();
    out.is_implicit = decl.isImplicit() || decl.isDefaulted();
    if (const auto* method = dyn_cast<CXXMethodDecl>(&decl)) overridden(*method, out);
    return out;
  }

  void overridden(const CXXMethodDecl& method, model::Function& out) {
    for (const CXXMethodDecl* above : method.overridden_methods()) {
      if (!context_->in_project(above->getLocation())) out.overrides_library = true;
      else if (model::FunctionKey key = context_->key(*above);
               std::find(out.overrides.begin(), out.overrides.end(), key) == out.overrides.end())
        out.overrides.push_back(std::move(key));
      overridden(*above, out);
    }
  }

  void pattern(const FunctionDecl& decl) {
    model::Function out = described(decl);
    out.body_known = false;
    keep(std::move(out));
  }

  void function(const FunctionDecl& decl, const Context::Lambda* lambda) {
    if (decl.isDeleted() || decl.isDependentContext()) return;
    if (decl.isDefaulted() && (decl.isTrivial() || !decl.hasBody())) return;
    model::Function out = described(decl);
    if (!functions_.insert(out.key.text).second) return;
    if (lambda != nullptr) {
      out.parent = lambda->parent;
      out.is_lambda = true;
      out.name = lambda->name;
    }
    Body body(*context_, *provenance_, decl, out);
    if (!body.lower()) {
      out.body_known = false;
      out.events.clear(), out.blocks.clear();
      facts_.omissions.push_back({out.span.file, "the body of " + out.name + " could not be understood"});
    }
    statics(decl);
    if (facts_.units[0].generator.empty() && !out.is_instance && !out.is_lambda && decl.getBody() != nullptr)
      find_shapes(*context_, *decl.getBody(), out);
    keep(std::move(out));
  }

  // Tables and variables that live in a function but as long as the program.
  void statics(const FunctionDecl& decl) {
    for (const Decl* inner : decl.decls()) {
      const auto* variable = dyn_cast<VarDecl>(inner);
      if (variable == nullptr || !variable->isStaticLocal() || variable->isInvalidDecl() ||
          variable->getType()->isDependentType())
        continue;
      context_->global(*variable);
      add_table(*context_, *variable);
    }
    for (const Decl* inner : decl.decls())
      if (const auto* local = dyn_cast<CXXRecordDecl>(inner);
          local != nullptr && !local->isLambda() && local->isThisDeclarationADefinition())
        record(*local);
  }

  void keep(model::Function out) {
    if (!out.is_implicit) facts_.units[0].functions.push_back(out.key);
    facts_.functions.push_back(std::move(out));
  }

  const Settings& settings_;
  model::Facts& facts_;
  Preprocessing& preprocessing_;
  const Diagnostics& diagnostics_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Provenance> provenance_;
  std::unordered_set<std::string> functions_, records_;
  std::vector<const FunctionDecl*> closures_;
};

}  // namespace

std::unique_ptr<ASTConsumer> declarations(const Settings& settings, model::Facts& facts, Preprocessing& preprocessing,
                                          const Diagnostics& diagnostics) {
  return std::make_unique<Walk>(settings, facts, preprocessing, diagnostics);
}

}  // namespace ftaudit::frontend
