#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;
using model::Place;

bool Body::lower() {
  if (const auto* global = dyn_cast<VarDecl>(&decl_)) {
    const Expr* init = global->getInit();
    if (const auto* made = dyn_cast<CXXConstructExpr>(init->IgnoreImplicit())) constructed_.emplace(made, global);
    initial_ = init->IgnoreImplicit();
    survey(init, false);
    return build(const_cast<Expr*>(init));
  }
  const FunctionDecl& function = cast<FunctionDecl>(decl_);
  declare_parameters(function);
  Stmt* body = function.getBody();
  if (body == nullptr) return false;
  survey(body, true);
  if (has_handlers_ || throws_) note_lives(body, nullptr);
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(&decl_))
    for (const CXXCtorInitializer* init : constructor->inits())
      if (init->getInit() != nullptr) {
        if (const auto* made = dyn_cast<CXXConstructExpr>(init->getInit()->IgnoreImplicit()); made != nullptr)
          constructed_members_.emplace(made, init->isAnyMemberInitializer() ? init->getAnyMember() : nullptr);
        survey(init->getInit(), false);
      }
  return build(body);
}

void Body::declare_parameters(const FunctionDecl& function) {
  const auto* method = dyn_cast<CXXMethodDecl>(&function);
  const bool is_lambda = method != nullptr && method->getParent()->isLambda();
  if (method != nullptr && method->isInstance() && !is_lambda) {
    model::Variable self;
    self.name = "this";
    self.type = context_.type(method->getThisType());
    self.span = context_.span(SourceRange(decl_.getLocation()));
    self.storage = model::Storage::parameter;
    out_.variables.push_back(std::move(self));
    out_.has_this = true;
    this_ = 0;
  }
  for (const ParmVarDecl* parameter : function.parameters()) variable(parameter);
  out_.parameters = static_cast<std::uint32_t>(out_.variables.size());
  if (is_lambda) declare_captures(*method->getParent());
}

// What a lambda captures, in order: the operand that makes the closure has a part for each. By reference they hold
// addresses.
void Body::declare_captures(const CXXRecordDecl& closure) {
  auto field = closure.field_begin();
  for (const LambdaCapture& capture : closure.captures()) {
    if (field == closure.field_end()) return;
    model::Variable out;
    out.type = context_.type((*field++)->getType());
    out.storage = model::Storage::captured;
    out.by_reference = capture.getCaptureKind() == LCK_ByRef;
    out.span = context_.span(SourceRange(capture.getLocation()));
    const auto number = static_cast<std::uint32_t>(out_.variables.size());
    if (capture.capturesThis()) {
      out.name = "this";
      this_ = number;
    } else if (capture.capturesVariable()) {
      out.name = capture.getCapturedVar()->getNameAsString();
      if (const auto* captured = dyn_cast<VarDecl>(capture.getCapturedVar()))
        variables_.emplace(captured->getCanonicalDecl(), number);
    }
    out_.variables.push_back(std::move(out));
  }
}

Event& Body::emit(Event::Kind kind, SourceRange range, const Expr* result) {
  Event event;
  event.kind = kind;
  event.once = in_once_;
  event.span = context_.span(range);
  const Provenance::Origin& origin = provenance_.of(range.getBegin());
  if (!origin.name.empty()) {
    const auto [it, is_new] =
        macro_uses_.emplace(origin.expansion.getHashValue(), static_cast<std::uint32_t>(out_.macros.size()));
    if (is_new) {
      const SourceLocation outermost = context_.sources.getFileLoc(origin.invocation);
      out_.macros.push_back(
          {origin.name, provenance_.arguments(origin.invocation), context_.span(SourceRange(outermost, outermost))});
    }
    event.macro = it->second;
  } else if (const SourceLocation said =
                 range.getBegin().isMacroID() ? context_.in_macro_body(range.getEnd()) : SourceLocation();
             said.isValid()) {  // not `return MACRO;`, which names no more than a value there
    const auto [it, is_new] = bodies_.emplace(said.getRawEncoding(), static_cast<std::uint32_t>(out_.bodies.size()));
    if (is_new) out_.bodies.push_back(context_.span(SourceRange(said)));
    event.body = it->second;
  }
  if (result != nullptr) {
    results_[result] = out_.events.next_id();
    event.result_unused = discarded_.contains(result);
  }
  out_.events.push_back(std::move(event));
  return out_.events.back();
}

void Body::read(const Expr* lvalue_expr, SourceRange range, bool atomic_access) {
  Place place = lvalue(lvalue_expr);
  if (place.root == Place::Root::unknown) return;
  if (place.steps.empty() && place.root != Place::Root::global) return;  // a local: its uses are in operands
  const bool is_atomic = atomic_access || place.type.is_atomic;
  const std::uint32_t where = intern(std::move(place));
  Event& event = emit(Event::Kind::read, range);
  event.place = where;
  event.atomic = is_atomic;
  if (is_atomic) event.order = model::Order::seq_cst;
}

void Body::write(Place place, Event::Operator op, Operand assigned, SourceRange range, bool atomic_access) {
  if (place.root == Place::Root::unknown) return;
  const bool is_atomic = atomic_access || place.type.is_atomic;
  const std::uint32_t where = intern(std::move(place));
  Event& event = emit(Event::Kind::write, range);
  event.place = where;
  event.op = op;
  event.operands.push_back(std::move(assigned));
  event.atomic = is_atomic;
  if (is_atomic) event.order = model::Order::seq_cst;
}

void Body::assign(const BinaryOperator* expr) {
  Place place = lvalue(expr->getLHS());
  if (expr->isCompoundAssignmentOp()) {
    read(expr->getLHS(), expr->getLHS()->getSourceRange());
    write(std::move(place), Event::Operator::update, value(expr->getRHS()), expr->getSourceRange());
  } else {
    write(std::move(place), Event::Operator::assign, value(expr->getRHS()), expr->getSourceRange());
  }
}

void Body::declare(const VarDecl* decl) {
  const Expr* init = decl->getInit();
  if (init == nullptr) {
    if (!decl->hasGlobalStorage()) variable(decl);
    return;
  }
  if (decl->isStaticLocal() && decl->hasConstantInitialization()) return;  // done before the program runs
  if (decl->hasExternalStorage()) return;
  // A constructor already said so, with the variable as its object.
  if (results_.contains(init->IgnoreImplicit()) && isa<CXXConstructExpr>(init->IgnoreImplicit())) return;
  const bool outer = in_once_;
  in_once_ |= decl->isStaticLocal() && decl->getTLSKind() == VarDecl::TLS_None;
  Operand initial = init->isGLValue() && decl->getType()->isReferenceType() ? address_or_value(init) : value(init);
  write(root(decl), Event::Operator::initialise, std::move(initial),
        SourceRange(decl->getLocation(), init->getEndLoc()));
  in_once_ = outer;
}

// `!x`, whose value is kept: the outcome of a comparison, and nothing of what was compared.
Operand Body::negation(const UnaryOperator& unary) {
  if (!tests_.contains(&unary)) {
    Operand tested = value(unary.getSubExpr());
    Event& event = emit(Event::Kind::compare, unary.getSourceRange());
    tests_[&unary] = out_.events.last_id();
    event.op = Event::Operator::equal;
    event.operands.push_back(std::move(tested));
    event.operands.emplace_back().kind = Operand::Kind::number;
  }
  return event_operand(tests_[&unary]);
}

void Body::statement(const Stmt* stmt) {
  if (const auto* expr = dyn_cast<CallExpr>(stmt)) {
    call(expr);
  } else if (const auto* made = dyn_cast<CXXConstructExpr>(stmt)) {
    construct(made);
  } else if (const auto* inherited = dyn_cast<CXXInheritedCtorInitExpr>(stmt)) {
    inherit(inherited);
  } else if (const auto* deleted = dyn_cast<CXXDeleteExpr>(stmt)) {
    Operand object = value(deleted->getArgument());
    Event& event = emit(Event::Kind::call, deleted->getSourceRange(), deleted);
    event.callee = "operator delete";
    event.operands.push_back(std::move(object));
    run_operator(event, deleted->getOperatorDelete());
  } else if (const auto* binary = dyn_cast<BinaryOperator>(stmt)) {
    if (binary->isAssignmentOp()) return assign(binary);
    if (!binary->isComparisonOp()) return;
    Operand left = value(binary->getLHS()), right = value(binary->getRHS());
    Event& event = emit(Event::Kind::compare, binary->getSourceRange());
    tests_[binary] = out_.events.last_id();
    const BinaryOperatorKind op = binary->getOpcode();
    event.op = op == BO_EQ                  ? Event::Operator::equal
               : op == BO_NE                ? Event::Operator::unequal
               : op == BO_LT || op == BO_LE ? Event::Operator::less
                                            : Event::Operator::greater;
    event.operands.push_back(std::move(left));
    event.operands.push_back(std::move(right));
  } else if (const auto* unary = dyn_cast<UnaryOperator>(stmt)) {
    if (unary->isIncrementDecrementOp()) {
      read(unary->getSubExpr(), unary->getSourceRange());
      write(lvalue(unary->getSubExpr()), Event::Operator::update, {}, unary->getSourceRange());
    } else if (bool negated = false; unary->getOpcode() == UO_LNot && tested_by(unary, negated) == unary) {
      negation(*unary);
    }
  } else if (const auto* cast = dyn_cast<ImplicitCastExpr>(stmt)) {
    if (cast->getCastKind() == CK_LValueToRValue && !constant_of(*cast->getSubExpr()))
      read(cast->getSubExpr(), cast->getSourceRange());
  } else if (const auto* declaration = dyn_cast<DeclStmt>(stmt)) {
    for (const Decl* decl : declaration->decls())
      if (const auto* declared = dyn_cast<VarDecl>(decl)) declare(declared);
  } else if (const auto* returned = dyn_cast<ReturnStmt>(stmt)) {
    const Expr* result = returned->getRetValue();
    Operand left = result == nullptr ? Operand{} : result->isGLValue() ? address_or_value(result) : value(result);
    Event& event = emit(Event::Kind::leave, returned->getSourceRange());
    if (result != nullptr) event.operands.push_back(std::move(left));
  } else if (const auto* builtin = dyn_cast<AtomicExpr>(stmt)) {
    atomic(builtin);
  } else if (const auto* lambda = dyn_cast<LambdaExpr>(stmt)) {
    context_.meet(*lambda, out_.key, "lambda in " + out_.name);
  } else if (const auto* sized = dyn_cast<UnaryExprOrTypeTraitExpr>(stmt);
             sized != nullptr && sized->getKind() == UETT_SizeOf) {
    if (const RecordDecl* record = sized->getTypeOfArgument()->getAsRecordDecl();
        record != nullptr &&
        (context_.record_name(*record) == "PyObject" || context_.record_name(*record) == "PyVarObject") &&
        is_offset(sized)) {
      Event& event = emit(Event::Kind::call, sized->getSourceRange());
      event.callee = "sizeof";
      event.operands.emplace_back().kind = Operand::Kind::text;
      event.operands.back().text = context_.record_name(*record);
    }
  } else if (const auto* offset = dyn_cast<OffsetOfExpr>(stmt)) {
    if (const RecordDecl* record = offset->getTypeSourceInfo()->getType()->getAsRecordDecl();
        record != nullptr &&
        (context_.record_name(*record) == "PyObject" || context_.record_name(*record) == "PyVarObject")) {
      Event& event = emit(Event::Kind::call, offset->getSourceRange());
      event.callee = "offsetof";
      event.operands.emplace_back().kind = Operand::Kind::text;
      event.operands.back().text = context_.record_name(*record);
    }
  }
}

void Body::element(const CFGElement& part) {
  if (const auto stmt = part.getAs<CFGStmt>()) {
    const Stmt* statement_at = stmt->getStmt();
    in_once_ = once_.contains(statement_at);
    statement(statement_at);
    const auto* expr = dyn_cast<Expr>(statement_at);
    if (expr == nullptr) return;
    if (expr == initial_) {
      const auto& global = cast<VarDecl>(decl_);
      if (!constructed_.contains(expr) || !results_.contains(expr))
        write(root(&global), Event::Operator::initialise,
              global.getType()->isReferenceType() ? address_or_value(expr) : value(expr), expr->getSourceRange());
    }
    // The whole of an API macro's expansion has been seen: now it is one call of the macro.
    if (const auto found = macro_calls_.find(expr); found != macro_calls_.end()) {
      std::vector<Operand> operands;
      for (const Expr* argument : found->second.arguments) operands.push_back(value(argument));
      Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
      event.callee = found->second.name;
      event.operands = std::move(operands);
    }
    return;
  }
  if (const auto init = part.getAs<CFGInitializer>()) {
    const CXXCtorInitializer* member = init->getInitializer();
    if (!member->isAnyMemberInitializer() || !out_.has_this) return;
    // A constructor already said so, with the member as its object.
    if (const Expr* init_expr = member->getInit()->IgnoreImplicit();
        constructed_members_.contains(init_expr) && results_.contains(init_expr))
      return;
    const Expr* init_expr = member->getInit();
    Operand initial = init_expr->isGLValue() && member->getAnyMember()->getType()->isReferenceType()
                          ? address_or_value(init_expr)
                          : value(init_expr);
    write(this->member(member->getAnyMember()), Event::Operator::initialise, std::move(initial),
          member->getSourceRange());
    return;
  }
  if (const auto allocated = part.getAs<CFGNewAllocator>()) return create(allocated->getAllocatorExpr());
  end_of_life(part);
}

}  // namespace ftaudit::frontend
