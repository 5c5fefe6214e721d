// What containers of the C++ library hold: c[i], *o, std::get<0>(p) and what an iterator is at are parts of whoever has
// the container, as array elements and members are.
#include "capi/capi.h"
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Place;
using model::Step;

namespace {

// Without the copies and conversions around it that the language asks for.
const Expr* bare(const Expr* expr) {
  for (;;) {
    const Expr* inner = expr->IgnoreParenImpCasts();
    if (const auto* full = dyn_cast<FullExpr>(inner)) inner = full->getSubExpr();
    else if (const auto* made = dyn_cast<MaterializeTemporaryExpr>(inner)) inner = made->getSubExpr();
    else if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(inner)) inner = bound->getSubExpr();
    else if (const auto* built = dyn_cast<CXXConstructExpr>(inner); built != nullptr && built->getNumArgs() == 1)
      inner = built->getArg(0);
    if (inner == expr) return expr;
    expr = inner;
  }
}

const VarDecl* local_named(const Expr* expr) {
  const auto* ref = dyn_cast<DeclRefExpr>(bare(expr));
  const auto* variable = ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
  return variable != nullptr && variable->isLocalVarDecl() ? variable : nullptr;
}

}  // namespace

// The container itself where `called` is a call of one of its members that changes nothing of it.
Place Body::looked_into(const CallExpr& called) {
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(called.getDirectCallee());
  if (method == nullptr || method->isStatic()) return {};
  const std::string record = context_.name(*method->getParent());
  if (!capi::is_cxx_container(record) && !capi::holds_inline(record)) return {};
  if (const auto* operation = dyn_cast<CXXOperatorCallExpr>(&called))
    return operation->getArg(0)->isGLValue() ? lvalue(operation->getArg(0)) : Place{};
  const auto* member = dyn_cast<CXXMemberCallExpr>(&called);
  const auto* access = member == nullptr ? nullptr : dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
  if (access == nullptr) return {};
  const Expr* object = access->getBase();
  return access->isArrow() ? through(value(object)) : object->isGLValue() ? lvalue(object) : Place{};
}

// The container that a local iterator, or the hidden one of a range-based for, was got from.
Place Body::iterated(const Expr& iterator) {
  const VarDecl* variable = local_named(&iterator);
  if (variable == nullptr || variable->getInit() == nullptr) return {};
  const Expr* from = bare(variable->getInit());
  if (const auto* called = dyn_cast<CallExpr>(from)) {
    const FunctionDecl* callee = called->getDirectCallee();
    return callee != nullptr && !from->isGLValue() && capi::only_looks(context_.name(*callee)) ? looked_into(*called)
                                                                                               : Place{};
  }
  return variable->isImplicit() && from->getType()->isArrayType() ? lvalue(from) : Place{};
}

Place Body::element(const Expr& expr) {
  Place out;
  Step step{Step::Kind::index, {}, {}};
  if (const auto* unary = dyn_cast<UnaryOperator>(&expr); unary != nullptr && unary->getOpcode() == UO_Deref) {
    if (const VarDecl* variable = local_named(unary->getSubExpr()); variable != nullptr && variable->isImplicit())
      out = iterated(*unary->getSubExpr());
  } else if (const auto* called = dyn_cast<CallExpr>(&expr)) {
    const FunctionDecl* callee = called->getDirectCallee();
    if (callee == nullptr || (!expr.isGLValue() && !expr.getType()->isPointerType())) return {};
    if (const std::string name = context_.name(*callee); capi::yields_element(name)) {
      out = looked_into(*called);
      const auto* operation = dyn_cast<CXXOperatorCallExpr>(called);
      if (out.root == Place::Root::unknown && operation != nullptr && operation->getNumArgs() == 1)
        out = iterated(*operation->getArg(0));
    } else if (name == "std::get" && called->getNumArgs() == 1 && called->getArg(0)->isGLValue()) {
      const TemplateArgumentList* given = callee->getTemplateSpecializationArgs();
      if (given == nullptr || given->size() == 0 || given->get(0).getKind() != TemplateArgument::Integral) return {};
      const std::uint64_t number = given->get(0).getAsIntegral().getLimitedValue();
      const auto* record = called->getArg(0)->getType()->getAsCXXRecordDecl();
      const std::string holder = record == nullptr ? "" : context_.name(*record);
      if (holder != "std::array")
        step = {Step::Kind::field, holder == "std::pair" ? (number == 0 ? "first" : "second") : std::to_string(number),
                holder};
      out = lvalue(called->getArg(0));
    }
  }
  if (out.root == Place::Root::unknown || out.root == Place::Root::call) return {};
  intern(out);
  out.steps.push_back(std::move(step));
  out.type = context_.type(expr.isGLValue() ? expr.getType() : expr.getType()->getPointeeType());
  return out;
}

}  // namespace ftaudit::frontend
