// What containers of the C++ library hold: c[i], *o, std::get<0>(p) and what an iterator is at are parts of whoever has
// the container, as array elements and members are.
#include "capi/capi.h"
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Operand;
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
  // A view is a pointer to what it shows.
  const bool view = capi::views_memory(record);
  if (!view && !capi::is_cxx_container(record) && !capi::holds_inline(record)) return {};
  const auto named = [&](const Expr* object) {
    return view ? through(value(object)) : object->isGLValue() ? lvalue(object) : Place{};
  };
  if (const auto* operation = dyn_cast<CXXOperatorCallExpr>(&called)) return named(operation->getArg(0));
  const auto* member = dyn_cast<CXXMemberCallExpr>(&called);
  const auto* access = member == nullptr ? nullptr : dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
  if (access == nullptr) return {};
  return access->isArrow() && !view ? through(value(access->getBase()))
         : access->isArrow()        ? Place{}
                                    : named(access->getBase());
}

static bool is_view(const Context& context, QualType type) {
  const CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record != nullptr && capi::views_memory(context.name(*record));
}

Operand Body::viewed(const Expr& expr) {
  if (!is_view(context_, expr.getType())) return {};
  const auto contents = [&](Place container) {
    if (container.root == Place::Root::unknown || container.root == Place::Root::call) return Operand{};
    intern(container);
    container.steps.push_back({Step::Kind::index, {}, {}});
    const auto* shown = dyn_cast<ClassTemplateSpecializationDecl>(expr.getType()->getAsCXXRecordDecl());
    if (shown != nullptr && shown->getTemplateArgs().size() > 0 &&
        shown->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      container.type = context_.type(shown->getTemplateArgs()[0].getAsType());
    return place_operand(Operand::Kind::address, std::move(container));
  };
  if (const auto* called = dyn_cast<CXXMemberCallExpr>(&expr)) {
    if (isa_and_nonnull<CXXConversionDecl>(called->getMethodDecl())) return contents(looked_into(*called));
    // A part of a view.
    const auto* access = dyn_cast<MemberExpr>(called->getCallee()->IgnoreParens());
    return access != nullptr && !access->isArrow() && is_view(context_, access->getBase()->getType())
               ? value(access->getBase())
               : Operand{};
  }
  const auto* made = dyn_cast<CXXConstructExpr>(&expr);
  if (made == nullptr || made->getNumArgs() == 0) return {};
  const Expr* from = made->getArg(0)->IgnoreParenImpCasts();
  if (from->getType()->isPointerType()) return value(made->getArg(0));
  const CXXRecordDecl* record = from->isGLValue() ? from->getType()->getAsCXXRecordDecl() : nullptr;
  return record != nullptr && capi::is_cxx_container(context_.name(*record)) ? contents(lvalue(from)) : Operand{};
}

// `it = table.find(key);` of an iterator that was made without a place.
void Body::note_assigned(const CallExpr& assignment) {
  if (assignment.getNumArgs() != 2) return;
  if (const VarDecl* variable = local_named(assignment.getArg(0))) assigned_[variable] = assignment.getArg(1);
}

// The container that a local iterator, or the hidden one of a range-based for, was got from.
Place Body::iterated(const Expr& iterator) {
  const VarDecl* variable = local_named(&iterator);
  if (variable == nullptr) return {};
  const Expr* from = variable->getInit() == nullptr ? nullptr : bare(variable->getInit());
  const auto* empty = dyn_cast_or_null<CXXConstructExpr>(from);
  if (const auto given = assigned_.find(variable);
      given != assigned_.end() && (from == nullptr || (empty != nullptr && empty->getNumArgs() == 0)))
    from = bare(given->second);
  if (from == nullptr) return {};
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
      const unsigned chosen = isa<CXXOperatorCallExpr>(called) ? 1 : 0;
      if (called->getNumArgs() == chosen + 1 && called->getArg(chosen)->getType()->isIntegerType())
        if (std::string which = index_name(*called->getArg(chosen)); which.starts_with("="))
          step.field = std::move(which);
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
