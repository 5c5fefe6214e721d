// What an index says about which element is meant: a number, a local, or what is computed from such by operators, by
// functions that have nothing but their arguments, and by fields of the object at hand.
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

constexpr int deepest = 6;
constexpr std::size_t longest = 96;  // characters

const char* operator_name(BinaryOperatorKind kind) {
  switch (kind) {
    case BO_Add: return "+";
    case BO_Sub: return "-";
    case BO_Mul: return "*";
    case BO_Div: return "/";
    case BO_Rem: return "%";
    case BO_And: return "&";
    case BO_Or: return "|";
    case BO_Xor: return "^";
    case BO_Shl: return "<<";
    case BO_Shr: return ">>";
    default: return nullptr;
  }
}

// The one expression that the function is, for who calls it.
const Expr* only_expression(const FunctionDecl& function) {
  const auto* body = dyn_cast_or_null<CompoundStmt>(function.hasBody() ? function.getBody() : nullptr);
  const auto* leave = body == nullptr || body->size() != 1 ? nullptr : dyn_cast<ReturnStmt>(body->body_front());
  return leave == nullptr ? nullptr : leave->getRetValue();
}

// The same arguments, the same result.
bool has_only_its_arguments(const FunctionDecl& function) {
  return function.isConstexpr() || function.hasAttr<ConstAttr>() || function.hasAttr<PureAttr>();
}

const VarDecl* local_of(const Expr& expr) {
  const auto* named = dyn_cast<DeclRefExpr>(&expr);
  const auto* local = named == nullptr ? nullptr : dyn_cast<VarDecl>(named->getDecl());
  return local == nullptr || local->hasGlobalStorage() ? nullptr : local;
}

bool is_fixed(const VarDecl& local) {
  return !local.getType()->isReferenceType() || local.getType()->getPointeeType().isConstQualified();
}

}  // namespace

// Which element an index names, as far as that can be told again: "7", "v2", or in postfix "=v2 7 &".
std::string Body::index_name(const Expr& at) {
  std::string out = term(at, nullptr, 0);
  if (out.size() > longest) return "";
  const bool single = out.find(' ') == std::string::npos;
  if (!single) return "=" + out;
  const VarDecl* local = local_of(*at.IgnoreParenImpCasts());
  const bool number = !out.empty() && out.find_first_not_of("-0123456789") == std::string::npos;
  return number || (local != nullptr && !local->getType()->isReferenceType()) ? out : "";
}

// In postfix, with a space between parts; "" where that cannot be told again.
std::string Body::term(const Expr& whole, const Arguments* given, int depth) {
  if (Expr::EvalResult known; !whole.isValueDependent() && !whole.containsErrors() &&
                              whole.getType()->isIntegralOrEnumerationType() &&
                              whole.EvaluateAsInt(known, context_.ast))
    if (const std::optional<std::int64_t> number = known.Val.getInt().tryExtValue()) return std::to_string(*number);
  if (depth > deepest) return "";
  const Expr& expr = *whole.IgnoreParenImpCasts();
  if (const VarDecl* local = local_of(expr)) {
    if (given != nullptr) {
      const auto known = given->find(local);
      return known == given->end() ? "" : known->second;
    }
    return is_fixed(*local) ? "v" + std::to_string(variable(local)) : "";
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(&expr)) {
    const char* name = operator_name(binary->getOpcode());
    if (name == nullptr || !expr.getType()->isIntegralOrEnumerationType()) return "";
    const std::string left = term(*binary->getLHS(), given, depth + 1);
    const std::string right = left.empty() ? "" : term(*binary->getRHS(), given, depth + 1);
    return right.empty() ? "" : left + " " + right + " " + name;
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(&expr); unary != nullptr && unary->getOpcode() == UO_Not) {
    const std::string inner = term(*unary->getSubExpr(), given, depth + 1);
    return inner.empty() ? "" : inner + " ~";
  }
  if (const auto* cast = dyn_cast<ExplicitCastExpr>(&expr)) {
    const QualType from = cast->getSubExpr()->getType(), to = cast->getType();
    const bool whole_number =
        to->isIntegralOrEnumerationType() && (from->isIntegralOrEnumerationType() || from->isPointerType());
    if (!whole_number || context_.ast.getTypeSize(to) < std::min<std::uint64_t>(32, context_.ast.getTypeSize(from)))
      return "";
    return term(*cast->getSubExpr(), given, depth + 1);
  }
  if (const auto* member = dyn_cast<MemberExpr>(&expr)) {
    const auto* field = dyn_cast<FieldDecl>(member->getMemberDecl());
    return given == nullptr && field != nullptr && isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts())
               ? "f:" + field->getNameAsString()
               : "";
  }
  const auto* call = dyn_cast<CallExpr>(&expr);
  return call == nullptr ? "" : called_term(*call, given, depth);
}

std::string Body::called_term(const CallExpr& call, const Arguments* given, int depth) {
  const FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) return "";
  const auto* method = dyn_cast<CXXMethodDecl>(callee);
  const std::string name = context_.name(*callee);
  // The number of elements of a container of the object at hand.
  if (const auto* asked = dyn_cast<CXXMemberCallExpr>(&call); asked != nullptr && call.getNumArgs() == 0) {
    const std::string object =
        name.ends_with("::size") ? term(*asked->getImplicitObjectArgument(), given, depth + 1) : "";
    return object.starts_with("f:") ? object + "::size" : "";
  }
  const bool hashes = name == "std::hash::operator()" || name == "std::__hash_base::operator()";
  const unsigned first = isa<CXXOperatorCallExpr>(call) ? 1 : 0;
  if (method != nullptr && !method->isStatic() && !hashes) return "";
  std::vector<std::string> arguments;
  for (unsigned i = first; i < call.getNumArgs(); ++i) {
    arguments.push_back(term(*call.getArg(i), given, depth + 1));
    if (arguments.back().empty()) return "";
  }
  if (const FunctionDecl* defined = callee->getDefinition(); defined != nullptr && !hashes)
    if (const Expr* body = only_expression(*defined); body != nullptr && defined->getNumParams() == arguments.size()) {
      Arguments inner;
      for (unsigned i = 0; i < defined->getNumParams(); ++i) inner.emplace(defined->getParamDecl(i), arguments[i]);
      if (std::string out = term(*body, &inner, depth + 1); !out.empty()) return out;
    }
  if (!hashes && !has_only_its_arguments(*callee)) return "";
  std::string out;
  for (const std::string& argument : arguments) out += argument + " ";
  return out + name + "/" + std::to_string(arguments.size());
}

}  // namespace ftaudit::frontend
