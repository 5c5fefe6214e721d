#include "frontend/body.h"

#include "capi/capi.h"
#include "capi/references.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Operand;
using model::Place;

namespace {

Operand number(std::int64_t n) {
  Operand out;
  out.kind = Operand::Kind::number;
  out.number = n;
  return out;
}

Operand null() {
  Operand out;
  out.kind = Operand::Kind::null;
  return out;
}

Operand text(StringRef content) {
  Operand out;
  out.kind = Operand::Kind::text;
  out.text = content.take_front(200).str();
  return out;
}

Operand group(Operand::Kind kind, std::vector<Operand> parts) {
  Operand out;
  out.kind = kind;
  out.parts = std::move(parts);
  return out;
}

bool is_closure(QualType type) {
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && record->isLambda();
}

}  // namespace

// The expression that a call only hands on: std::move(x) and its like are x, and so are a lambda made into a function
// pointer and `x = y` of plain bytes. Null for other calls.
const Expr* Body::passed(const CallExpr& call) {
  const FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) return nullptr;
  const unsigned builtin = callee->getBuiltinID();
  const bool hands_on = builtin == Builtin::BI__builtin_expect || builtin == Builtin::BImove ||
                        builtin == Builtin::BIforward || builtin == Builtin::BIas_const ||
                        builtin == Builtin::BI__builtin_expect_with_probability || moves_bits(call);
  if (hands_on && call.getNumArgs() > 0) return call.getArg(0);
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(&call);
      member != nullptr && isa<CXXConversionDecl>(callee) && is_closure(member->getImplicitObjectArgument()->getType()))
    return member->getImplicitObjectArgument();
  return nullptr;
}

// The smart pointer of the C++ library that `*p`, `p->` or `p.get()` goes through; null for anything else. What it
// leads to is known by the name of the pointer, as with a plain one.
const Expr* Body::followed(const Expr& expr) {
  const auto* called = dyn_cast<CallExpr>(&expr);
  const auto* method = called == nullptr ? nullptr : dyn_cast_or_null<CXXMethodDecl>(called->getDirectCallee());
  if (method == nullptr || !method->getParent()->isInStdNamespace()) return nullptr;
  // libstdc++ has the operators of shared_ptr in bases of it.
  const StringRef owner = method->getParent()->getName();
  if (!owner.ends_with("_ptr") && owner != "__shared_ptr_access") return nullptr;
  const OverloadedOperatorKind op = method->getOverloadedOperator();
  if (const auto* operation = dyn_cast<CXXOperatorCallExpr>(called))
    return op == OO_Star || op == OO_Arrow ? operation->getArg(0) : nullptr;
  const auto* member = dyn_cast<CXXMemberCallExpr>(called);
  const bool gets = method->getIdentifier() != nullptr && method->getName() == "get";
  const auto* access = member == nullptr ? nullptr : dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
  return (gets || op == OO_Star || op == OO_Arrow) && access != nullptr && !access->isArrow() ? access->getBase()
                                                                                              : nullptr;
}

// A call that returns a reference yields the address of what the expression names; not where a binding hands out the
// object in a handle.
bool Body::yields_reference(const Expr& expr) const {
  const auto* called = dyn_cast<CallExpr>(&expr);
  if (called == nullptr || !expr.isGLValue() || expr.getType()->isFunctionType()) return false;
  const FunctionDecl* callee = called->getDirectCallee();
  return callee == nullptr || !capi::unwraps(context_.name(*callee));
}

Operand Body::event_operand(model::EventId event) const {
  Operand out;
  out.kind = Operand::Kind::call;
  out.event = event;
  return out;
}

// An argument: by reference it is the address of what it names. A closure is the function in it.
Operand Body::address_or_value(const Expr* argument) {
  if (is_closure(argument->getType())) return value(argument);
  if (argument->isGLValue() && !argument->getType()->isFunctionType()) {
    Place place = lvalue(argument);
    if (place.root != Place::Root::unknown) return place_operand(Operand::Kind::address, std::move(place));
  }
  return value(argument);
}

// The value of a constexpr variable: std::memory_order_release is a number.
std::optional<std::int64_t> Body::constant_of(const Expr& named_expr) const {
  const auto* ref = dyn_cast<DeclRefExpr>(named_expr.IgnoreParens());
  const auto* decl = ref == nullptr ? nullptr : dyn_cast<VarDecl>(ref->getDecl());
  if (decl == nullptr || !decl->isConstexpr() || decl->isInvalidDecl() ||
      !decl->getType()->isIntegralOrEnumerationType())
    return {};
  // The declaration that is named need not be the one with the value.
  const VarDecl* with_value = nullptr;
  const Expr* init = decl->getAnyInitializer(with_value);
  if (init == nullptr || init->isValueDependent()) return {};
  const APValue* known = with_value->evaluateValue();
  return known != nullptr && known->isInt() ? std::optional(known->getInt().getExtValue()) : std::nullopt;
}

const Expr* Body::only_arm(const AbstractConditionalOperator& either) const {
  const Expr& condition = *either.getCond();
  bool outcome = false;
  if (condition.isValueDependent() || condition.HasSideEffects(context_.ast) ||
      !condition.EvaluateAsBooleanCondition(outcome, context_.ast))
    return nullptr;
  return outcome ? either.getTrueExpr() : either.getFalseExpr();
}

// &Counter::hits: the field of whatever object it is applied to.
Operand Body::member_pointer(const FieldDecl& field) {
  Place place;
  place.steps.push_back({model::Step::Kind::field, field.getNameAsString(), context_.record_name(*field.getParent())});
  place.type = context_.type(field.getType());
  Operand out;
  out.kind = Operand::Kind::address;
  out.place = intern(std::move(place));
  return out;
}

// A lambda with what it captures, in the order of the variables that it has for them.
Operand Body::closure(const LambdaExpr& lambda) {
  Operand out;
  out.kind = Operand::Kind::function;
  out.function = context_.key(*lambda.getCallOperator());
  auto init = lambda.capture_init_begin();
  for (const LambdaCapture& capture : lambda.captures()) {
    const Expr* initial = *init++;
    if (initial == nullptr) out.parts.emplace_back();
    else if (capture.getCaptureKind() == LCK_ByRef) out.parts.push_back(address_or_value(initial));
    else out.parts.push_back(value(initial));
  }
  return out;
}

Operand Body::value(const Expr* expr) {
  if (expr == nullptr) return {};
  expr = expr->IgnoreParens();
  if (const Expr* pointer = expr->isGLValue() ? nullptr : followed(*expr); pointer != nullptr && pointer->isGLValue())
    if (Place smart = lvalue(pointer); smart.root != Place::Root::unknown && smart.root != Place::Root::call)
      return place_operand(Operand::Kind::place, std::move(smart));
  if (isa<CallExpr>(expr) && !expr->isGLValue())
    if (Place held = element(*expr); held.root != Place::Root::unknown)
      return place_operand(Operand::Kind::address, std::move(held));
  if (isa<CXXMemberCallExpr, CXXConstructExpr>(expr))
    if (Operand seen = viewed(*expr); seen.kind != Operand::Kind::unknown) return seen;
  if (const auto result = results_.find(expr); result != results_.end()) {
    if (capi::gives_null(out_.events[result->second].callee)) return Operand{.kind = Operand::Kind::null};
    return event_operand(result->second);
  }

  if (const auto* cast = dyn_cast<CastExpr>(expr)) {
    const Expr* inner = cast->getSubExpr();
    switch (cast->getCastKind()) {
      case CK_LValueToRValue:
        // C++ reads through the conditional: one of two places.
        if (const auto* either = dyn_cast<AbstractConditionalOperator>(inner->IgnoreParens())) {
          if (const Expr* only = only_arm(*either)) return place_operand(Operand::Kind::place, lvalue(only));
          return group(Operand::Kind::choice, {place_operand(Operand::Kind::place, lvalue(either->getTrueExpr())),
                                               place_operand(Operand::Kind::place, lvalue(either->getFalseExpr()))});
        }
        if (const auto constant = constant_of(*inner)) return number(*constant);
        return place_operand(Operand::Kind::place, lvalue(inner));
      case CK_NullToPointer: return null();
      case CK_ArrayToPointerDecay:
        if (const auto* literal = dyn_cast<StringLiteral>(inner->IgnoreParens()))
          return literal->getCharByteWidth() == 1 ? text(literal->getString()) : text("");
        if (isa<PredefinedExpr>(inner->IgnoreParens())) return text("");
        return place_operand(Operand::Kind::address, lvalue(inner));
      case CK_IntegralToPointer:
        if (Operand n = value(inner); n.kind == Operand::Kind::number && n.number == 0) return null();
        else return n;
      default: return value(inner);
    }
  }
  if (const auto* ref = dyn_cast<DeclRefExpr>(expr)) {
    if (const auto* constant = dyn_cast<EnumConstantDecl>(ref->getDecl()))
      return number(constant->getInitVal().getExtValue());
    if (const auto* function = dyn_cast<FunctionDecl>(ref->getDecl())) {
      Operand out;
      out.kind = Operand::Kind::function;
      out.function = context_.key(*function);
      out.text = context_.name(*function);
      return out;
    }
    if (is_closure(expr->getType())) {
      Operand out;
      out.kind = Operand::Kind::function;
      out.function = context_.key(*expr->getType()->getAsCXXRecordDecl()->getLambdaCallOperator());
      return out;
    }
    return place_operand(Operand::Kind::place, lvalue(expr));
  }
  if (const auto* literal = dyn_cast<IntegerLiteral>(expr))
    return number(static_cast<std::int64_t>(literal->getValue().getLimitedValue(INT64_MAX)));
  if (const auto* character = dyn_cast<CharacterLiteral>(expr)) return number(character->getValue());
  if (const auto* boolean = dyn_cast<CXXBoolLiteralExpr>(expr)) return number(boolean->getValue());
  if (isa<GNUNullExpr, CXXNullPtrLiteralExpr>(expr)) return null();
  if (const auto* literal = dyn_cast<StringLiteral>(expr))
    return literal->getCharByteWidth() == 1 ? text(literal->getString()) : text("");
  if (const auto* sized = dyn_cast<UnaryExprOrTypeTraitExpr>(expr)) {
    if (sized->getKind() == UETT_SizeOf && !sized->isValueDependent() &&
        !sized->getTypeOfArgument()->isVariableArrayType() && !sized->getTypeOfArgument()->isIncompleteType())
      return context_.size(*sized);
    return {};
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expr)) {
    switch (unary->getOpcode()) {
      case UO_AddrOf:
        if (unary->getSubExpr()->getType()->isFunctionType()) return value(unary->getSubExpr());
        if (const auto* ref = dyn_cast<DeclRefExpr>(unary->getSubExpr()->IgnoreParens());
            ref != nullptr && isa<FieldDecl>(ref->getDecl()))
          return member_pointer(*cast<FieldDecl>(ref->getDecl()));
        return place_operand(Operand::Kind::address, lvalue(unary->getSubExpr()));
      case UO_Minus:
        if (Operand n = value(unary->getSubExpr()); n.kind == Operand::Kind::number) return number(-n.number);
        else return group(Operand::Kind::parts, {std::move(n)});
      case UO_Not: return group(Operand::Kind::parts, {value(unary->getSubExpr())});
      case UO_LNot: return negation(*unary);
      case UO_Deref:
        if (expr->getType()->isFunctionType()) return value(unary->getSubExpr());  // (*f)(x) is f(x)
        return place_operand(Operand::Kind::place, lvalue(expr));
      case UO_PostInc:
      case UO_PostDec:
      case UO_PreInc:
      case UO_PreDec: return place_operand(Operand::Kind::place, lvalue(unary->getSubExpr()));
      default: return value(unary->getSubExpr());
    }
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(expr)) {
    if (binary->isAssignmentOp()) return place_operand(Operand::Kind::place, lvalue(binary->getLHS()));
    if (binary->getOpcode() == BO_Comma) return value(binary->getRHS());
    if (const auto known = tests_.find(binary); known != tests_.end()) return event_operand(known->second);
    if (binary->isComparisonOp() || binary->isLogicalOp()) return {};
    Operand left = value(binary->getLHS()), right = value(binary->getRHS());
    if (left.kind == Operand::Kind::number && right.kind == Operand::Kind::number) {
      const auto l = static_cast<std::uint64_t>(left.number), r = static_cast<std::uint64_t>(right.number);
      switch (binary->getOpcode()) {
        case BO_Or: return number(static_cast<std::int64_t>(l | r));
        case BO_And: return number(static_cast<std::int64_t>(l & r));
        case BO_Add: return number(static_cast<std::int64_t>(l + r));
        case BO_Sub: return number(static_cast<std::int64_t>(l - r));
        case BO_Mul: return number(static_cast<std::int64_t>(l * r));
        case BO_Shl:
          if (r < 63) return number(static_cast<std::int64_t>(l << r));
          break;
        default: break;
      }
    }
    Operand computed = group(Operand::Kind::parts, {std::move(left), std::move(right)});
    if (binary->getOpcode() == BO_And) computed.text = "&";
    return computed;
  }
  if (const auto* conditional = dyn_cast<AbstractConditionalOperator>(expr)) {
    if (const Expr* only = only_arm(*conditional)) return value(only);
    return group(Operand::Kind::choice, {value(conditional->getTrueExpr()), value(conditional->getFalseExpr())});
  }
  if (const auto* list = dyn_cast<InitListExpr>(expr)) {
    std::vector<Operand> parts;
    for (unsigned i = 0; i < list->getNumInits() && i < 64; ++i) parts.push_back(value(list->getInit(i)));
    return group(Operand::Kind::parts, std::move(parts));
  }
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expr)) return value(literal->getInitializer());
  if (const auto* block = dyn_cast<StmtExpr>(expr)) {
    const CompoundStmt* body = block->getSubStmt();
    if (!body->body_empty())
      if (const auto* last = dyn_cast<Expr>(body->body_back())) return value(last);
    return {};
  }
  if (const auto* created = dyn_cast<CXXNewExpr>(expr))  // others have a result
    return created->getNumPlacementArgs() > 0 ? value(created->getPlacementArg(0)) : Operand{};
  if (const auto* offset = dyn_cast<OffsetOfExpr>(expr)) return context_.offset(*offset);
  if (isa<CXXThisExpr>(expr)) {
    if (this_ == model::none) return {};
    Place self;
    self.root = Place::Root::variable;
    self.variable = this_;
    self.type = out_.variables[this_].type;
    return place_operand(self.type.kind == model::Type::Kind::pointer ? Operand::Kind::place : Operand::Kind::address,
                         std::move(self));
  }
  if (const auto* lambda = dyn_cast<LambdaExpr>(expr)) return closure(*lambda);
  if (const auto* construct = dyn_cast<CXXConstructExpr>(expr)) {
    // An object made without arguments, such as the tags of C++ bindings, says all it has to say by its type.
    Operand made;
    if (construct->getNumArgs() == 0) made.text = construct->getType().getCanonicalType().getAsString();
    if (construct->getNumArgs() != 1) return made;
    const Expr* copied = construct->getArg(0)->IgnoreParenImpCasts();
    return yields_reference(*copied) ? place_operand(Operand::Kind::place, lvalue(copied))
                                     : value(construct->getArg(0));
  }
  if (const auto* full = dyn_cast<FullExpr>(expr)) return value(full->getSubExpr());
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) return value(temporary->getSubExpr());
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr)) return value(bound->getSubExpr());
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(expr)) return value(opaque->getSourceExpr());
  if (const auto* chosen = dyn_cast<ChooseExpr>(expr))
    return chosen->isConditionDependent() ? Operand{} : value(chosen->getChosenSubExpr());
  if (const auto* selection = dyn_cast<GenericSelectionExpr>(expr))
    return selection->isResultDependent() ? Operand{} : value(selection->getResultExpr());
  if (const auto* parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expr)) return value(parameter->getReplacement());
  if (const auto* initial = dyn_cast<CXXDefaultInitExpr>(expr)) return value(initial->getExpr());
  if (const auto* assumed = dyn_cast<CXXDefaultArgExpr>(expr)) {
    Expr::EvalResult result;
    if (assumed->getType()->isIntegralOrEnumerationType() && !assumed->isValueDependent() &&
        assumed->getExpr()->EvaluateAsInt(result, context_.ast))
      return number(result.Val.getInt().getExtValue());
    return assumed->getType()->isPointerType() ? value(assumed->getExpr()) : Operand{};
  }
  if (const auto* called = dyn_cast<CallExpr>(expr)) return value(passed(*called));
  if (isa<MemberExpr, ArraySubscriptExpr>(expr)) return place_operand(Operand::Kind::place, lvalue(expr));
  return {};
}

}  // namespace ftaudit::frontend
