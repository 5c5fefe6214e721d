#include "frontend/body.h"

#include "capi/capi.h"

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

// std::move(x) and its like are x.
bool passes_through(const FunctionDecl& callee) {
  const unsigned builtin = callee.getBuiltinID();
  return builtin == Builtin::BI__builtin_expect || builtin == Builtin::BImove || builtin == Builtin::BIforward || builtin == Builtin::BIas_const ||
         builtin == Builtin::BI__builtin_expect_with_probability;
}

}  // namespace

Operand Body::event_operand(std::uint32_t event) const {
  Operand out;
  out.kind = Operand::Kind::call;
  out.event = event;
  return out;
}

std::uint32_t Body::intern(Place place) {
  std::string key = std::to_string(static_cast<int>(place.root)) + ":" + std::to_string(place.variable) + ":" + std::to_string(place.global.n) + ":" + std::to_string(place.call);
  for (const model::Step& step : place.steps) key += step.kind == model::Step::Kind::field ? "." + step.field + "/" + step.record : step.kind == model::Step::Kind::index ? "[" : "*";
  const auto [it, is_new] = places_.emplace(std::move(key), static_cast<std::uint32_t>(out_.places.size()));
  if (is_new) out_.places.push_back(std::move(place));
  return it->second;
}

Operand Body::place_operand(Operand::Kind kind, Place place) {
  Operand out;
  if (place.root == Place::Root::unknown) return out;
  if (place.root == Place::Root::call && place.steps.empty()) return event_operand(place.call);
  out.kind = kind;
  out.place = intern(std::move(place));
  return out;
}

std::uint32_t Body::variable(const VarDecl* decl) {
  const VarDecl* canonical = decl->getCanonicalDecl();
  const auto [it, is_new] = variables_.emplace(canonical, static_cast<std::uint32_t>(out_.variables.size()));
  if (!is_new) return it->second;
  model::Variable out;
  out.name = decl->getNameAsString();
  out.type = context_.type(decl->getType());
  out.span = context_.span(SourceRange(decl->getLocation()));
  const bool own = decl->getDeclContext() == &decl_ || isa<ParmVarDecl>(decl);
  out.storage = own ? model::Storage::local : model::Storage::captured;
  if (isa<ParmVarDecl>(decl) && decl->getDeclContext() == &decl_) out.storage = model::Storage::parameter;
  out.by_reference = decl->getType()->isReferenceType();
  out_.variables.push_back(std::move(out));
  return it->second;
}

Place Body::root(const VarDecl* decl) {
  Place out;
  out.type = context_.type(decl->getType());
  if (decl->hasGlobalStorage()) {
    out.root = Place::Root::global;
    out.global = context_.global(*decl);
  } else {
    out.root = Place::Root::variable;
    out.variable = variable(decl);
  }
  return out;
}

Place Body::member(const FieldDecl* field) {
  Place out;
  if (!out_.has_this) return out;
  out.root = Place::Root::variable;
  out.variable = 0;
  out.steps.push_back({model::Step::Kind::deref, {}, {}});
  out.steps.push_back({model::Step::Kind::field, field->getNameAsString(), context_.record_name(*field->getParent())});
  out.type = context_.type(field->getType());
  return out;
}

// The place a pointer leads to.
Place Body::through(const Operand& pointer) {
  Place out;
  switch (pointer.kind) {
    case Operand::Kind::place:
      out = out_.places[pointer.place];
      out.steps.push_back({model::Step::Kind::deref, {}, {}});
      break;
    case Operand::Kind::address:
      out = out_.places[pointer.place];
      break;
    case Operand::Kind::call:
      out.root = Place::Root::call;
      out.call = pointer.event;
      out.steps.push_back({model::Step::Kind::deref, {}, {}});
      break;
    case Operand::Kind::parts:
      // p + i: some element of what p leads to.
      for (const Operand& part : pointer.parts) {
        if (part.kind != Operand::Kind::place && part.kind != Operand::Kind::address && part.kind != Operand::Kind::call) continue;
        if (part.kind == Operand::Kind::place && out_.places[part.place].type.kind == model::Type::Kind::scalar) continue;
        out = through(part);
        if (!out.steps.empty() && out.steps.back().kind == model::Step::Kind::deref) out.steps.pop_back();
        out.steps.push_back({model::Step::Kind::index, {}, {}});
        return out;
      }
      break;
    case Operand::Kind::choice:
      // One of several: the first that can be named stands for them, so that the access is not lost.
      for (const Operand& part : pointer.parts)
        if (out = through(part); out.root != Place::Root::unknown) return out;
      break;
    default: break;
  }
  return out;
}

Place Body::lvalue(const Expr* expr) {
  expr = expr->IgnoreParens();
  if (const auto result = results_.find(expr); result != results_.end()) {
    Place out;
    out.root = Place::Root::call;
    out.call = result->second;
    return out;
  }
  Place out;
  if (const auto* ref = dyn_cast<DeclRefExpr>(expr)) {
    if (const auto* decl = dyn_cast<VarDecl>(ref->getDecl())) return root(decl);
    if (const auto* binding = dyn_cast<BindingDecl>(ref->getDecl()); binding != nullptr && binding->getBinding() != nullptr) return lvalue(binding->getBinding());
    return out;
  }
  if (const auto* member = dyn_cast<MemberExpr>(expr)) {
    if (const auto* decl = dyn_cast<VarDecl>(member->getMemberDecl())) return root(decl);
    const auto* field = dyn_cast<FieldDecl>(member->getMemberDecl());
    if (field == nullptr) return out;
    out = member->isArrow() ? through(value(member->getBase())) : lvalue(member->getBase());
    if (out.root != Place::Root::unknown && !field->getName().empty())
      out.steps.push_back({model::Step::Kind::field, field->getNameAsString(), context_.record_name(*field->getParent())});
    out.type = context_.type(field->getType());
    return out;
  }
  if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(expr)) {
    out = through(value(subscript->getBase()));
    if (out.root != Place::Root::unknown) {
      if (!out.steps.empty() && out.steps.back().kind == model::Step::Kind::deref) out.steps.pop_back();
      out.steps.push_back({model::Step::Kind::index, {}, {}});
    }
    out.type = context_.type(subscript->getType());
    return out;
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expr)) {
    if (unary->getOpcode() == UO_Deref) {
      out = through(value(unary->getSubExpr()));
      out.type = context_.type(unary->getType());
      return out;
    }
    if (unary->isPrefix() && unary->isIncrementDecrementOp()) return lvalue(unary->getSubExpr());
    if (unary->getOpcode() == UO_Extension || unary->getOpcode() == UO_Real || unary->getOpcode() == UO_Imag) return lvalue(unary->getSubExpr());
    return out;
  }
  if (const auto* cast = dyn_cast<CastExpr>(expr)) {
    if (cast->getCastKind() == CK_LValueToRValue) return through(value(expr));
    return lvalue(cast->getSubExpr());
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(expr)) {
    if (binary->isAssignmentOp()) return lvalue(binary->getLHS());
    if (binary->getOpcode() == BO_Comma) return lvalue(binary->getRHS());
    return out;
  }
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) return lvalue(temporary->getSubExpr());
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr)) return lvalue(bound->getSubExpr());
  if (const auto* full = dyn_cast<FullExpr>(expr)) return lvalue(full->getSubExpr());
  if (const auto* called = dyn_cast<CallExpr>(expr)) {
    if (const FunctionDecl* callee = called->getDirectCallee(); callee != nullptr && passes_through(*callee) && called->getNumArgs() > 0) return lvalue(called->getArg(0));
  }
  if (isa<CXXThisExpr>(expr)) return through(value(expr));
  if (const auto* either = dyn_cast<AbstractConditionalOperator>(expr)) {
    out = lvalue(either->getTrueExpr());
    return out.root != Place::Root::unknown ? out : lvalue(either->getFalseExpr());
  }
  return out;
}

// An argument: by reference it is the address of what it names.
Operand Body::address_or_value(const Expr* argument) {
  if (argument->isGLValue() && !argument->getType()->isFunctionType()) {
    Place place = lvalue(argument);
    if (place.root != Place::Root::unknown) return place_operand(Operand::Kind::address, std::move(place));
  }
  return value(argument);
}

Operand Body::value(const Expr* expr) {
  if (expr == nullptr) return {};
  expr = expr->IgnoreParens();
  if (const auto result = results_.find(expr); result != results_.end()) return event_operand(result->second);

  if (const auto* cast = dyn_cast<CastExpr>(expr)) {
    const Expr* inner = cast->getSubExpr();
    switch (cast->getCastKind()) {
      case CK_LValueToRValue:
        // C++ reads through the conditional: one of two places.
        if (const auto* either = dyn_cast<AbstractConditionalOperator>(inner->IgnoreParens()))
          return group(Operand::Kind::choice, {place_operand(Operand::Kind::place, lvalue(either->getTrueExpr())), place_operand(Operand::Kind::place, lvalue(either->getFalseExpr()))});
        return place_operand(Operand::Kind::place, lvalue(inner));
      case CK_NullToPointer: return null();
      case CK_ArrayToPointerDecay:
        if (const auto* literal = dyn_cast<StringLiteral>(inner->IgnoreParens())) return literal->getCharByteWidth() == 1 ? text(literal->getString()) : text("");
        if (isa<PredefinedExpr>(inner->IgnoreParens())) return text("");
        return place_operand(Operand::Kind::address, lvalue(inner));
      case CK_IntegralToPointer:
        if (Operand n = value(inner); n.kind == Operand::Kind::number && n.number == 0) return null();
        else return n;
      default: return value(inner);
    }
  }
  if (const auto* ref = dyn_cast<DeclRefExpr>(expr)) {
    if (const auto* constant = dyn_cast<EnumConstantDecl>(ref->getDecl())) return number(constant->getInitVal().getExtValue());
    if (const auto* function = dyn_cast<FunctionDecl>(ref->getDecl())) {
      Operand out;
      out.kind = Operand::Kind::function;
      out.function = context_.key(*function);
      out.text = context_.name(*function);
      return out;
    }
    return place_operand(Operand::Kind::place, lvalue(expr));
  }
  if (const auto* literal = dyn_cast<IntegerLiteral>(expr))
    return number(static_cast<std::int64_t>(literal->getValue().getLimitedValue(INT64_MAX)));
  if (const auto* character = dyn_cast<CharacterLiteral>(expr)) return number(character->getValue());
  if (const auto* boolean = dyn_cast<CXXBoolLiteralExpr>(expr)) return number(boolean->getValue());
  if (isa<GNUNullExpr, CXXNullPtrLiteralExpr>(expr)) return null();
  if (const auto* literal = dyn_cast<StringLiteral>(expr)) return literal->getCharByteWidth() == 1 ? text(literal->getString()) : text("");
  if (const auto* sized = dyn_cast<UnaryExprOrTypeTraitExpr>(expr)) {
    if (sized->getKind() == UETT_SizeOf && !sized->isValueDependent() && !sized->getTypeOfArgument()->isVariableArrayType() && !sized->getTypeOfArgument()->isIncompleteType())
      return number(context_.ast.getTypeSizeInChars(sized->getTypeOfArgument()).getQuantity());
    return {};
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expr)) {
    switch (unary->getOpcode()) {
      case UO_AddrOf:
        if (const auto* ref = dyn_cast<DeclRefExpr>(unary->getSubExpr()->IgnoreParens()); ref != nullptr && isa<FunctionDecl>(ref->getDecl())) return value(ref);
        return place_operand(Operand::Kind::address, lvalue(unary->getSubExpr()));
      case UO_Minus:
        if (Operand n = value(unary->getSubExpr()); n.kind == Operand::Kind::number) return number(-n.number);
        else return group(Operand::Kind::parts, {std::move(n)});
      case UO_Not: return group(Operand::Kind::parts, {value(unary->getSubExpr())});
      case UO_LNot: return {};  // true or false: nothing of what was tested
      case UO_PostInc: case UO_PostDec: case UO_PreInc: case UO_PreDec: case UO_Deref:
        return place_operand(Operand::Kind::place, lvalue(unary->getOpcode() == UO_Deref ? expr : unary->getSubExpr()));
      default: return value(unary->getSubExpr());
    }
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(expr)) {
    if (binary->isAssignmentOp()) return place_operand(Operand::Kind::place, lvalue(binary->getLHS()));
    if (binary->getOpcode() == BO_Comma) return value(binary->getRHS());
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
        case BO_Shl: if (r < 63) return number(static_cast<std::int64_t>(l << r)); break;
        default: break;
      }
    }
    return group(Operand::Kind::parts, {std::move(left), std::move(right)});
  }
  if (const auto* conditional = dyn_cast<AbstractConditionalOperator>(expr))
    return group(Operand::Kind::choice, {value(conditional->getTrueExpr()), value(conditional->getFalseExpr())});
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
  if (isa<CXXThisExpr>(expr)) {
    if (!out_.has_this) return {};
    Place self;
    self.root = Place::Root::variable;
    self.variable = 0;
    self.type = out_.variables[0].type;
    return place_operand(Operand::Kind::place, std::move(self));
  }
  if (const auto* lambda = dyn_cast<LambdaExpr>(expr)) {
    const CXXMethodDecl* body = lambda->getCallOperator();
    Operand out;
    out.kind = Operand::Kind::function;
    out.function = context_.key(*body);
    return out;
  }
  if (const auto* construct = dyn_cast<CXXConstructExpr>(expr)) {
    if (construct->getNumArgs() == 1) return value(construct->getArg(0));
    // An object made without arguments, such as the tags of C++ bindings, says all it has to say by its type.
    Operand made;
    if (construct->getNumArgs() == 0) made.text = construct->getType().getAsString();
    return made;
  }
  if (const auto* full = dyn_cast<FullExpr>(expr)) return value(full->getSubExpr());
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) return value(temporary->getSubExpr());
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr)) return value(bound->getSubExpr());
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(expr)) return value(opaque->getSourceExpr());
  if (const auto* chosen = dyn_cast<ChooseExpr>(expr)) return chosen->isConditionDependent() ? Operand{} : value(chosen->getChosenSubExpr());
  if (const auto* selection = dyn_cast<GenericSelectionExpr>(expr)) return selection->isResultDependent() ? Operand{} : value(selection->getResultExpr());
  if (const auto* parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expr)) return value(parameter->getReplacement());
  if (const auto* initial = dyn_cast<CXXDefaultInitExpr>(expr)) return value(initial->getExpr());
  if (const auto* called = dyn_cast<CallExpr>(expr)) {
    const FunctionDecl* callee = called->getDirectCallee();
    if (callee != nullptr && passes_through(*callee) && called->getNumArgs() > 0) return value(called->getArg(0));
    return {};
  }
  if (isa<MemberExpr, ArraySubscriptExpr>(expr)) return place_operand(Operand::Kind::place, lvalue(expr));
  return {};
}

}  // namespace ftaudit::frontend
