// Which place an expression names: variables, what is reached from them, and what references and pointers lead to.
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Operand;
using model::Place;

namespace {

const model::Step deref{model::Step::Kind::deref, {}, {}};
model::Step index(std::string which) { return {model::Step::Kind::index, std::move(which), {}}; }

}  // namespace

std::uint32_t Body::intern(Place place) {
  std::string key = std::to_string(static_cast<int>(place.root)) + ":" + std::to_string(place.variable) + ":" +
                    std::to_string(place.global.n) + ":" + std::to_string(place.call.n);
  for (const model::Step& step : place.steps)
    key += step.kind == model::Step::Kind::field   ? "." + step.field + "/" + step.record
           : step.kind == model::Step::Kind::index ? "[" + step.field
                                                   : "*";
  const auto [it, is_new] = places_.emplace(std::move(key), static_cast<std::uint32_t>(out_.places.size()));
  if (is_new) out_.places.push_back(std::move(place));
  return it->second;
}

Operand Body::place_operand(Operand::Kind kind, Place place) {
  Operand out;
  if (place.root == Place::Root::unknown) return out;
  // &*p is p.
  if (kind == Operand::Kind::address && !place.steps.empty() && place.steps.back() == deref) {
    kind = Operand::Kind::place;
    place.steps.pop_back();
    place.type = {};  // known already: the pointer was met first
  }
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
  if (const auto* several = dyn_cast<DecompositionDecl>(decl))
    for (const BindingDecl* binding : several->bindings())
      out.name += (out.name.empty() ? "" : ", ") + binding->getNameAsString();
  out.type = context_.type(decl->getType());
  out.span = context_.span(SourceRange(decl->getLocation()));
  const bool own = decl->getParentFunctionOrMethod() == dyn_cast<DeclContext>(&decl_);
  out.storage = !own                     ? model::Storage::captured
                : isa<ParmVarDecl>(decl) ? model::Storage::parameter
                                         : model::Storage::local;
  out.by_reference = decl->getType()->isReferenceType();
  out_.variables.push_back(std::move(out));
  return it->second;
}

// The variable itself: of a reference, what holds the address.
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

// What a mention of the variable names: of a reference, what it refers to.
Place Body::named(const VarDecl* decl) {
  Place out = root(decl);
  const model::Type& type = out.root == Place::Root::variable ? out_.variables[out.variable].type : out.type;
  if (type.kind == model::Type::Kind::reference) refer(out, decl->getType().getNonReferenceType());
  return out;
}

// From what holds a reference to what it refers to.
void Body::refer(Place& place, QualType to) {
  if (to->isFunctionType()) return;
  intern(place);
  place.steps.push_back(deref);
  place.type = context_.type(to);
}

Operand Body::self() {
  if (!out_.has_this) return {};
  Place out;
  out.root = Place::Root::variable;
  out.variable = 0;
  out.type = out_.variables[0].type;
  return place_operand(Operand::Kind::place, std::move(out));
}

Place Body::member(const FieldDecl* field) {
  Place out;
  if (!out_.has_this) return out;
  out.root = Place::Root::variable;
  out.variable = 0;
  out.steps.push_back(deref);
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
      out.steps.push_back(deref);
      break;
    case Operand::Kind::address: out = out_.places[pointer.place]; break;
    case Operand::Kind::call:
      out.root = Place::Root::call;
      out.call = pointer.event;
      out.steps.push_back(deref);
      break;
    case Operand::Kind::parts:
      // p + i: some element of what p leads to.
      for (const Operand& part : pointer.parts) {
        if (part.kind != Operand::Kind::place && part.kind != Operand::Kind::address &&
            part.kind != Operand::Kind::call)
          continue;
        if (part.kind == Operand::Kind::place && out_.places[part.place].type.kind == model::Type::Kind::scalar)
          continue;
        out = through(part);
        out.steps.push_back(index(""));
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
  if (const Expr* pointer = expr->isGLValue() ? followed(*expr) : nullptr; pointer != nullptr && pointer->isGLValue())
    if (Place smart = lvalue(pointer); smart.root != Place::Root::unknown && smart.root != Place::Root::call) {
      intern(smart);
      smart.steps.push_back(deref);
      smart.type = context_.type(expr->getType());
      return smart;
    }
  if (expr->isGLValue())
    if (Place held = element(*expr); held.root != Place::Root::unknown) return held;
  if (const auto result = results_.find(expr); result != results_.end()) {
    Place out;
    out.root = Place::Root::call;
    out.call = result->second;
    if (yields_reference(*expr)) out.steps.push_back(deref), out.type = context_.type(expr->getType());
    return out;
  }
  Place out;
  if (const auto* ref = dyn_cast<DeclRefExpr>(expr)) {
    if (const auto* decl = dyn_cast<VarDecl>(ref->getDecl())) return named(decl);
    if (const auto* binding = dyn_cast<BindingDecl>(ref->getDecl());
        binding != nullptr && binding->getBinding() != nullptr)
      return lvalue(binding->getBinding());
    return out;
  }
  if (const auto* member = dyn_cast<MemberExpr>(expr)) {
    if (const auto* decl = dyn_cast<VarDecl>(member->getMemberDecl())) return named(decl);
    const auto* field = dyn_cast<FieldDecl>(member->getMemberDecl());
    if (field == nullptr) return out;
    out = member->isArrow() ? through(value(member->getBase())) : lvalue(member->getBase());
    // What a library keeps inside a flag is the flag.
    const bool is_flag = context_.record_name(*field->getParent()) == "atomic_flag";
    if (out.root != Place::Root::unknown && !field->getName().empty() && !is_flag)
      out.steps.push_back(
          {model::Step::Kind::field, field->getNameAsString(), context_.record_name(*field->getParent())});
    out.type = context_.type(field->getType());
    if (out.root != Place::Root::unknown && field->getType()->isReferenceType())
      refer(out, field->getType().getNonReferenceType());
    return out;
  }
  if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(expr)) {
    // buf[i] of an array is part of what holds it; of a pointer it lies behind a deref.
    out = through(value(subscript->getBase()));
    if (out.root != Place::Root::unknown) out.steps.push_back(index(index_name(*subscript->getIdx())));
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
    if (unary->getOpcode() == UO_Extension || unary->getOpcode() == UO_Real || unary->getOpcode() == UO_Imag)
      return lvalue(unary->getSubExpr());
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
  if (const auto* called = dyn_cast<CallExpr>(expr); called != nullptr && passed(*called) != nullptr)
    return lvalue(passed(*called));
  if (isa<CXXThisExpr>(expr)) return through(value(expr));
  if (const auto* either = dyn_cast<AbstractConditionalOperator>(expr)) {
    if (const Expr* only = only_arm(*either)) return lvalue(only);
    out = lvalue(either->getTrueExpr());
    return out.root != Place::Root::unknown ? out : lvalue(either->getFalseExpr());
  }
  return out;
}

}  // namespace ftaudit::frontend
