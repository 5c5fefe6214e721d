#include "frontend/context.h"

#include <algorithm>

#include "base/sha256.h"
#include "capi/capi.h"

namespace ftaudit::frontend {

using namespace clang;

Context::Context(ASTContext& ast_, const Settings& settings, model::Facts& facts_,
                 const std::vector<SourceLocation>& binding_versions)
    : ast(ast_),
      sources(ast_.getSourceManager()),
      facts(facts_),
      locks(settings.locks),
      binding_versions_(binding_versions),
      mangler_(ast_) {
  std::error_code ignored;
  root_ = fs::weakly_canonical(settings.root, ignored).string();
  if (!root_.ends_with('/')) root_ += '/';
}

std::string Context::path_of(FileID id) const {
  const OptionalFileEntryRef entry = sources.getFileEntryRefForID(id);
  if (!entry) return {};
  StringRef real = entry->getFileEntry().tryGetRealPathName();
  return real.empty() ? entry->getName().str() : real.str();
}

bool Context::in_project(SourceLocation location) const {
  if (location.isInvalid()) return false;
  const SourceLocation place = sources.getExpansionLoc(location);
  const FileID id = sources.getFileID(place);
  const auto [it, is_new] = in_project_.emplace(id.getHashValue(), false);
  if (!is_new) return it->second;
  bool inside = id == sources.getMainFileID();
  if (!inside && !sources.isInSystemHeader(place)) {
    const std::string path = path_of(id);
    // The compatibility header's shims borrow and take a reference on purpose, for versions that have a GIL.
    inside = path.starts_with(root_) && !StringRef(path).ends_with("/pythoncapi_compat.h") && !is_of_binding(path);
  }
  return in_project_[id.getHashValue()] = inside;
}

// A copy of pybind11 or nanobind in the tree is what one among the installed packages is. In a checkout of that library
// itself, where its folder lies in `include`, its headers are the project. Who else numbers itself so is no library.
bool Context::is_of_binding(StringRef path) const {
  for (const SourceLocation version : binding_versions_) {
    const std::string said = path_of(sources.getFileID(version));  // "" of one on the command line
    StringRef home = llvm::sys::path::parent_path(said);
    if (llvm::sys::path::filename(home) == "detail") home = llvm::sys::path::parent_path(home);
    const StringRef name = llvm::sys::path::filename(home);
    if (name != "pybind11" && name != "nanobind") continue;
    if (llvm::sys::path::parent_path(home).str() != root_ + "include" && path.starts_with((home + "/").str()))
      return true;
  }
  return false;
}

SourceLocation Context::in_macro_body(SourceLocation token) const {
  while (token.isMacroID()) {
    if (!sources.isMacroArgExpansion(token)) {
      const SourceLocation spelled = sources.getSpellingLoc(token);
      return spelled.isFileID() && in_project(spelled) ? spelled : SourceLocation();
    }
    token = sources.getImmediateSpellingLoc(token);
  }
  return {};
}

std::string Context::shown(FileID id) {
  std::string path = path_of(id);
  return path.starts_with(root_) ? path.substr(root_.size()) : path;
}

model::FileId Context::file(FileID id) {
  const auto known = files_.find(id.getHashValue());
  if (known != files_.end()) return known->second;
  std::string name = shown(id);
  const auto [it, is_new] = file_numbers_.emplace(name, facts.files.next_id());
  if (is_new) facts.files.push_back(std::move(name));
  files_.emplace(id.getHashValue(), it->second);
  return it->second;
}

model::Span Context::span(SourceRange range) {
  model::Span out;
  if (range.isInvalid()) return out;
  const SourceLocation begin = sources.getFileLoc(range.getBegin());
  SourceLocation end = range.getEnd();
  while (end.isMacroID())
    end = sources.isMacroArgExpansion(end) ? sources.getImmediateSpellingLoc(end)
                                           : sources.getImmediateExpansionRange(end).getEnd();
  const auto [id, offset] = sources.getDecomposedLoc(begin);
  auto [end_id, end_offset] = sources.getDecomposedLoc(end);
  out.file = file(id);
  out.line = sources.getLineNumber(id, offset);
  out.column = sources.getColumnNumber(id, offset);
  if (end_id != id || end_offset < offset) end = begin, end_offset = offset;
  end_offset += Lexer::MeasureTokenLength(end, sources, ast.getLangOpts());
  out.end_line = sources.getLineNumber(id, end_offset);
  out.end_column = sources.getColumnNumber(id, end_offset);
  return out;
}

void Context::remember(SourceLocation place) {
  const FileID id = sources.getFileID(sources.getFileLoc(place));
  if (!remembered_.insert(id.getHashValue()).second) return;
  if (const auto text = sources.getBufferDataOrNone(id))
    facts.sources.push_back({file(id), sha256(std::string_view(text->data(), text->size()))});
}

std::string Context::token_at(SourceLocation location) const {
  const SourceLocation spelled = sources.getSpellingLoc(location);
  const unsigned length = Lexer::MeasureTokenLength(spelled, sources, ast.getLangOpts());
  bool invalid = false;
  const char* text = sources.getCharacterData(spelled, &invalid);
  return invalid ? std::string() : std::string(text, length);
}

std::string Context::name(const NamedDecl& decl) const {
  // C knows no namespaces: PyInit_spam is found by that name wherever it stands.
  if (const auto* function = dyn_cast<FunctionDecl>(&decl); function != nullptr && function->isExternC())
    return decl.getNameAsString();
  std::string out;
  for (const DeclContext* scope = decl.getDeclContext(); scope != nullptr; scope = scope->getParent()) {
    std::string part;
    if (const auto* space = dyn_cast<NamespaceDecl>(scope)) {
      if (space->isInline() || space->isAnonymousNamespace()) continue;  // std::__cxx11::string is std::string
      part = space->getName().str();
    } else if (const auto* record = dyn_cast<RecordDecl>(scope)) {
      part = record->getName().str();
    }
    if (!part.empty()) out = part + "::" + out;
  }
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(&decl))
    return out + constructor->getParent()->getName().str();
  if (const auto* destructor = dyn_cast<CXXDestructorDecl>(&decl))
    return out + "~" + destructor->getParent()->getName().str();
  if (decl.getDeclName().getNameKind() == DeclarationName::CXXConversionFunctionName)
    return out + "operator conversion";
  return out + decl.getNameAsString();
}

// A struct without a name is known by the field it is the type of, else by where it stands; the members of an anonymous
// one are those of the struct around it. Closures have no name.
std::string Context::unnamed(const RecordDecl& record) const {
  if (const auto* cxx = dyn_cast<CXXRecordDecl>(&record); cxx != nullptr && cxx->isLambda()) return {};
  if (const auto* outer = dyn_cast<RecordDecl>(record.getLexicalDeclContext())) {
    if (record.isAnonymousStructOrUnion()) return record_name(*outer);
    for (const FieldDecl* field : outer->fields())
      if (const RecordDecl* type = ast.getBaseElementType(field->getType())->getAsRecordDecl();
          type != nullptr && type->getCanonicalDecl() == record.getCanonicalDecl())
        return record_name(*outer) + "::" + field->getNameAsString();
  }
  const PresumedLoc where = sources.getPresumedLoc(sources.getFileLoc(record.getLocation()), false);
  return where.isValid() ? "struct@" + std::to_string(where.getLine()) + ":" + std::to_string(where.getColumn()) : "";
}

void Context::meet(const LambdaExpr& lambda, model::FunctionKey parent, std::string name) {
  const CXXMethodDecl* body = lambda.getCallOperator();
  if (const FunctionTemplateDecl* generic = lambda.getDependentCallOperator()) {
    body = nullptr;
    for (const FunctionDecl* instance : generic->specializations())
      if (instance->hasBody() && !instance->isDependentContext()) body = cast<CXXMethodDecl>(instance);
  }
  if (body != nullptr && !body->isDependentContext()) pending.push_back({body, std::move(parent), std::move(name)});
}

// "<Node, 4>": records by their names, the rest as Clang prints it.
std::string Context::arguments_of(const ClassTemplateSpecializationDecl& instance) const {
  std::string out;
  for (const TemplateArgument& argument : instance.getTemplateArgs().asArray()) {
    std::string text;
    const RecordDecl* inner =
        argument.getKind() == TemplateArgument::Type ? argument.getAsType()->getAsRecordDecl() : nullptr;
    if (inner != nullptr) text = record_name(*inner);
    if (text.empty()) {
      llvm::raw_string_ostream printed(text);
      argument.print(ast.getPrintingPolicy(), printed, false);
    }
    out += (out.empty() ? "" : ", ") + text;
  }
  return "<" + out + ">";
}

std::string Context::record_name(const RecordDecl& record) const {
  if (const TypedefNameDecl* alias = record.getTypedefNameForAnonDecl())
    return std::string(capi::public_record(alias->getName().str()));
  if (record.getName().empty()) return unnamed(record);
  const std::string full = name(record);
  // An instance of the project's own template has fields of its own; libraries' go by the name that tables know.
  if (const auto* instance = dyn_cast<ClassTemplateSpecializationDecl>(&record);
      instance != nullptr && in_project(instance->getLocation()))
    return full + arguments_of(*instance);
  return std::string(capi::public_record(full));
}

bool Context::is_object(const RecordDecl& record) {
  const RecordDecl* definition = record.getDefinition();
  if (definition == nullptr) return record_name(record) == "PyObject";
  const auto [it, is_new] = objects_.emplace(definition, false);
  if (!is_new) return it->second;
  const std::string own = record_name(*definition);
  bool yes = own == "PyObject" || own == "PyVarObject" || own == "PyTypeObject";
  if (const auto* cxx = dyn_cast<CXXRecordDecl>(definition); cxx != nullptr && !yes)
    for (const CXXBaseSpecifier& base : cxx->bases())
      if (const RecordDecl* parent = base.getType()->getAsRecordDecl()) yes |= is_object(*parent);
  if (!yes && !definition->isUnion() && definition->field_begin() != definition->field_end())
    if (const RecordDecl* first = definition->field_begin()->getType()->getAsRecordDecl()) yes = is_object(*first);
  return objects_[definition] = yes;
}

model::Type Context::type(QualType qualified) {
  model::Type out;
  if (qualified.isNull()) return out;
  if (const auto known = types_.find(qualified.getAsOpaquePtr()); known != types_.end()) return known->second;
  PrintingPolicy policy(ast.getPrintingPolicy());
  policy.SuppressTagKeyword = true;
  policy.AnonymousTagLocations = false;  // they would hold paths of this machine
  out.spelling = qualified.getAsString(policy);
  if (out.spelling.size() > 120) out.spelling.resize(120);
  QualType inner = qualified.getCanonicalType();
  while (const ArrayType* array = ast.getAsArrayType(inner))
    out.kind = model::Type::Kind::array, inner = array->getElementType().getCanonicalType();
  out.is_const = inner.isConstQualified();
  out.is_volatile = inner.isVolatileQualified();
  if (const auto* atomic = inner->getAs<AtomicType>())
    out.is_atomic = true, inner = atomic->getValueType().getCanonicalType();
  using Kind = model::Type::Kind;
  const bool array = out.kind == Kind::array;
  if (inner->isReferenceType()) {
    if (!array) out.kind = Kind::reference;
    inner = inner->getPointeeType().getCanonicalType();
    out.pointee_const = inner.isConstQualified();
  } else if (inner->isPointerType() && !array) {
    out.kind = Kind::pointer;
  }
  while (inner->isPointerType()) {
    inner = inner->getPointeeType().getCanonicalType();
    out.pointee_const = inner.isConstQualified();
    if (const auto* atomic = inner->getAs<AtomicType>()) inner = atomic->getValueType().getCanonicalType();
    ++out.indirections;
  }
  if (inner->isFunctionType() || inner->isMemberFunctionPointerType()) out.to_function = true;
  if (const RecordDecl* record = inner->getAsRecordDecl()) {
    out.record = record_name(*record);
    if (out.indirections == 0 && capi::is_atomic_type(out.record)) out.is_atomic = true;
    out.to_object = out.indirections == 1 && is_object(*record);
    if (out.kind == Kind::other) out.kind = Kind::record;
  } else if (out.kind == Kind::other) {
    out.kind = inner->isFunctionType() ? Kind::function : inner->isScalarType() ? Kind::scalar : Kind::other;
  }
  if (out.record.empty()) {
    // Opaque handles (PyThread_type_lock is a void *) are known by their typedef alone.
    if (const auto* alias = qualified->getAs<TypedefType>();
        alias != nullptr && capi::is_lock_type(alias->getDecl()->getName().str()))
      out.record = alias->getDecl()->getName().str();
  }
  types_.emplace(qualified.getAsOpaquePtr(), out);
  return out;
}

// What tells lambdas apart that stand in one place of the source: the instance of a template that each is in.
std::string Context::instance_around(const CXXRecordDecl& closure) {
  const auto* around = dyn_cast<FunctionDecl>(closure.getDeclContext());
  if (around == nullptr) return "";
  const auto* method = dyn_cast<CXXMethodDecl>(around);
  if (method != nullptr && method->getParent()->isLambda() && !around->isTemplateInstantiation())
    return instance_around(*method->getParent());
  return around->isTemplateInstantiation() ? " in " + key(*around).text : "";
}

model::FunctionKey Context::key(const FunctionDecl& function) {
  const FunctionDecl* canonical = function.getCanonicalDecl();
  auto& text = keys_[canonical];
  if (!text.empty()) return {text};
  const auto* method = dyn_cast<CXXMethodDecl>(canonical);
  const bool lambda = method != nullptr && method->getParent()->isLambda();
  const bool internal = !canonical->isExternallyVisible();
  std::string plain = canonical->isExternC() || !ast.getLangOpts().CPlusPlus ? canonical->getNameAsString()
                      : lambda                                               ? std::string()
                                                                             : mangler_.getName(canonical);
  // Neither lambdas nor templates that nobody instantiates have a name that linkers know.
  const bool nameless = lambda || plain.empty();
  if (nameless) {
    const model::Span where =
        span(lambda ? method->getParent()->getSourceRange() : SourceRange(canonical->getLocation()));
    plain = (lambda ? "lambda" : canonical->getNameAsString()) + "@" + std::to_string(where.line) + ":" +
            std::to_string(where.column);
    if (lambda) plain += instance_around(*method->getParent());
  }
  if (internal || nameless)
    plain = shown(sources.getFileID(sources.getExpansionLoc(canonical->getLocation()))) + "|" + plain;
  return {text = plain};
}

// `Pair pairs[3];`: a constructor that does nothing leaves the zeros of static storage.
static bool makes_nothing(const Expr& init) {
  const auto* made = dyn_cast<CXXConstructExpr>(init.IgnoreImplicit());
  return made != nullptr && made->getConstructor()->isDefaultConstructor() && made->getConstructor()->isTrivial();
}

model::GlobalId Context::global(const VarDecl& any) {
  const VarDecl* variable = any.getCanonicalDecl();
  if (const auto known = globals_.find(variable); known != globals_.end()) return known->second;
  const model::GlobalId number = facts.globals.next_id();
  globals_.emplace(variable, number);
  facts.globals.emplace_back();
  const VarDecl* definition = variable->getDefinition();
  const VarDecl& shown_decl = definition != nullptr ? *definition : *variable->getMostRecentDecl();
  model::Global out;
  out.name = variable->isStaticLocal() ? variable->getNameAsString() : name(*variable);
  out.type = type(shown_decl.getType());
  out.span = span(SourceRange(shown_decl.getLocation()));
  out.storage = variable->isStaticLocal() ? model::Storage::static_local : model::Storage::global;
  out.is_thread_local = variable->getTLSKind() != VarDecl::TLS_None;
  out.is_external = variable->isExternallyVisible() && !variable->isStaticLocal();
  out.is_defined = variable->hasDefinition(ast) != VarDecl::DeclarationOnly;
  if (const Expr* init = shown_decl.getInit();
      init != nullptr && ast.getLangOpts().CPlusPlus && !init->isValueDependent())
    out.runtime_initialised = !shown_decl.hasConstantInitialization() && !makes_nothing(*init);
  out.key = out.is_external ? name(*variable) : facts.files[out.span.file] + "|" + out.name;
  if (variable->isStaticLocal()) {
    const DeclContext* scope = variable->getParentFunctionOrMethod();
    if (const auto* function = dyn_cast_or_null<FunctionDecl>(scope)) out.owner = key(*function);
    out.key += "@" + out.owner.text + ":" + std::to_string(out.span.line) + ":" + std::to_string(out.span.column);
  }
  facts.globals[number] = std::move(out);
  return number;
}

void Context::add_unwritten(model::Function function) {
  if (unwritten_.insert(function.key.text).second) facts.functions.push_back(std::move(function));
}

model::Operand Context::size(const UnaryExprOrTypeTraitExpr& expr) {
  model::Operand out;
  out.kind = model::Operand::Kind::number;
  out.number = ast.getTypeSizeInChars(expr.getTypeOfArgument()).getQuantity();
  if (const RecordDecl* record = expr.getTypeOfArgument()->getAsRecordDecl())
    out.text = "sizeof " + record_name(*record);
  return out;
}

model::Operand Context::offset(const OffsetOfExpr& expr) {
  model::Operand out;
  Expr::EvalResult result;
  if (expr.isValueDependent() || !expr.EvaluateAsInt(result, ast)) return out;
  out.kind = model::Operand::Kind::number;
  out.number = result.Val.getInt().getExtValue();
  const RecordDecl* record = expr.getTypeSourceInfo()->getType()->getAsRecordDecl();
  if (record == nullptr) return out;
  out.text = "offsetof " + record_name(*record);
  for (unsigned i = 0; i < expr.getNumComponents(); ++i)
    if (const OffsetOfNode& node = expr.getComponent(i); node.getKind() == OffsetOfNode::Field)
      out.text += "." + node.getField()->getNameAsString();
  return out;
}

}  // namespace ftaudit::frontend
