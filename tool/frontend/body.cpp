#include "frontend/body.h"

#include "base/text.h"
#include "capi/capi.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;
using model::Place;

bool Body::lower() {
  if (const auto* method = dyn_cast<CXXMethodDecl>(&decl_); method != nullptr && method->isInstance() && !method->getParent()->isLambda()) {
    model::Variable self;
    self.name = "this";
    self.type = context_.type(method->getThisType());
    self.span = context_.span(SourceRange(decl_.getLocation()));
    self.storage = model::Storage::parameter;
    out_.variables.push_back(std::move(self));
    out_.has_this = true;
  }
  for (const ParmVarDecl* parameter : decl_.parameters()) variable(parameter);
  out_.parameters = static_cast<std::uint32_t>(out_.variables.size());

  Stmt* body = decl_.getBody();
  if (body == nullptr) return false;
  survey(body, true);
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(&decl_))
    for (const CXXCtorInitializer* init : constructor->inits())
      if (init->getInit() != nullptr) {
        if (const auto* made = dyn_cast<CXXConstructExpr>(init->getInit()->IgnoreImplicit()); made != nullptr && init->isAnyMemberInitializer()) constructed_members_.emplace(made, init->getAnyMember());
        survey(init->getInit(), false);
      }

  CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.PruneTriviallyFalseEdges = true;
  options.AddEHEdges = has_handlers_;  // else a handler is reached only by an explicit throw
  const std::unique_ptr<CFG> graph = CFG::buildCFG(&decl_, body, &context_.ast, options);
  if (graph == nullptr) return false;

  const PostOrderCFGView order(graph.get());
  std::unordered_map<const CFGBlock*, std::uint32_t> numbers;
  for (const CFGBlock* block : order) numbers.emplace(block, static_cast<std::uint32_t>(numbers.size()));
  for (const CFGBlock* block : order) {
    model::Block lowered;
    lowered.first = static_cast<std::uint32_t>(out_.events.size());
    for (const CFGElement& part : *block) element(part);
    condition(*block, lowered);
    lowered.last = static_cast<std::uint32_t>(out_.events.size());
    for (const CFGBlock::AdjacentBlock& edge : block->succs()) {
      const CFGBlock* successor = edge.getReachableBlock();
      lowered.successors.push_back(successor != nullptr && numbers.contains(successor) ? numbers[successor] : model::none);
    }
    out_.blocks.push_back(std::move(lowered));
  }
  return true;
}

Event& Body::emit(Event::Kind kind, SourceRange range, const Expr* result) {
  Event event;
  event.kind = kind;
  event.span = context_.span(range);
  const Provenance::Origin& origin = provenance_.of(range.getBegin());
  if (!origin.name.empty()) {
    const auto [it, is_new] = macro_uses_.emplace(origin.expansion.getHashValue(), static_cast<std::uint32_t>(out_.macros.size()));
    if (is_new) {
      const SourceLocation outermost = context_.sources.getFileLoc(origin.invocation);
      out_.macros.push_back({origin.name, provenance_.arguments(origin.invocation), context_.span(SourceRange(outermost, outermost))});
    }
    event.macro = it->second;
  }
  if (result != nullptr) {
    results_[result] = static_cast<std::uint32_t>(out_.events.size());
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

void Body::name_callee(Event& event, const FunctionDecl& callee) {
  event.callee = context_.name(callee);
  // Macros rename CPython's inline functions (_PyMutex_Lock, _Py_NewRef): the documented name is the one to know.
  if (event.macro != model::none && event.callee == "_" + out_.macros[event.macro].name) event.callee.erase(0, 1);
  if (context_.in_project(callee.getLocation()) || (callee.getDefinition() != nullptr && context_.in_project(callee.getDefinition()->getLocation())))
    event.callee_key = context_.key(callee);
  if (const capi::LockCall* lock = capi::lock_call(event.callee))
    event.kind = lock->does == capi::LockCall::Does::release ? Event::Kind::release
                 : lock->does == capi::LockCall::Does::acquire ? Event::Kind::acquire : Event::Kind::call;
}

// Which operands the callee can only read, by the types it declares; `has_object`: operand 0 is the object of a method.
std::uint32_t Body::const_operands(const FunctionDecl& callee, bool has_object) {
  std::uint32_t out = 0;
  if (const auto* method = dyn_cast<CXXMethodDecl>(&callee); has_object && method != nullptr && method->isConst()) out |= 1;
  for (unsigned i = 0; i < callee.getNumParams() && i + has_object < 32; ++i) {
    const QualType type = callee.getParamDecl(i)->getType();
    if (const QualType pointee = type->getPointeeType(); !pointee.isNull() && pointee.isConstQualified()) out |= 1u << (i + has_object);
  }
  return out;
}

void Body::call(const CallExpr* expr) {
  const FunctionDecl* callee = expr->getDirectCallee();
  if (callee != nullptr) {
    switch (callee->getBuiltinID()) {
      case Builtin::BI__builtin_expect: case Builtin::BI__builtin_expect_with_probability: case Builtin::BImove: case Builtin::BIforward: case Builtin::BIas_const:
      case Builtin::BI__builtin_object_size: case Builtin::BI__builtin_constant_p: case Builtin::BI__builtin_assume: return;
      default: break;
    }
  }
  if (expr->isUnevaluatedBuiltinCall(context_.ast)) return;
  // Operands first: they may intern places, and the event must follow what it uses.
  std::vector<Operand> operands;
  Operand target;
  bool is_virtual = false;
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(expr)) {
    const auto* method = dyn_cast_or_null<CXXMethodDecl>(callee);
    const auto* access = dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
    if (access != nullptr) operands.push_back(access->isArrow() ? value(access->getBase()) : address_or_value(access->getBase()));
    is_virtual = method != nullptr && method->isVirtual() && access != nullptr && !access->hasQualifier();
  }
  for (const Expr* argument : expr->arguments()) operands.push_back(address_or_value(argument));
  if (callee == nullptr) target = value(expr->getCallee());
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.operands = std::move(operands);
  event.is_virtual = is_virtual;
  if (callee != nullptr) {
    const auto* method = dyn_cast<CXXMethodDecl>(callee);
    event.const_operands = const_operands(*callee, method != nullptr && method->isInstance());
    name_callee(event, *callee);
  } else {
    event.target = std::move(target);
  }
  if (callee != nullptr) atomic_call(Event(event), expr);
}

// std::atomic members, C11 generic functions, CPython's and the compiler's builtins also touch what they are given.
void Body::atomic_call(const Event& called, const CallExpr* expr) {
  if (called.operands.empty() || !capi::is_atomic_operation(called.callee)) return;
  Place place = through(called.operands[0]);
  if (place.root == Place::Root::unknown) return;
  const std::string operation = to_lower(called.callee);
  const bool loads = operation.find("load") != std::string::npos || operation.find("conversion") != std::string::npos || operation.find("read") != std::string::npos;
  const std::uint32_t where = intern(std::move(place));
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange());
  access.place = where;
  access.atomic = true;
  access.op = loads ? Event::Operator::none : operation.find("store") != std::string::npos || operation.ends_with("operator=") ? Event::Operator::assign : Event::Operator::update;
  access.order = operation.find("relaxed") != std::string::npos ? model::Order::relaxed
                 : operation.find("acquire") != std::string::npos ? model::Order::acquire
                 : operation.find("release") != std::string::npos ? model::Order::release : model::Order::seq_cst;
  if (!loads && called.operands.size() > 1) access.operands.push_back(called.operands[1]);
}

void Body::atomic(const AtomicExpr* expr) {
  Place place = through(value(expr->getPtr()));
  if (place.root == Place::Root::unknown) return;
  const std::uint32_t where = intern(std::move(place));
  Operand stored = expr->getNumSubExprs() > 2 ? value(expr->getVal1()) : Operand{};
  const StringRef operation = expr->getOpAsString();
  const bool loads = operation.contains("load");
  const Operand order = value(expr->getOrder());
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange(), expr);
  access.place = where;
  access.atomic = true;
  access.callee = operation.str();
  access.op = loads ? Event::Operator::none : operation.contains("store") ? Event::Operator::assign : Event::Operator::update;
  constexpr model::Order orders[]{model::Order::relaxed, model::Order::acquire, model::Order::acquire, model::Order::release, model::Order::acq_rel, model::Order::seq_cst};
  access.order = order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6 ? orders[order.number] : model::Order::seq_cst;
  if (!loads) access.operands.push_back(std::move(stored));
}

void Body::construct(const CXXConstructExpr* expr) {
  const CXXConstructorDecl* constructor = expr->getConstructor();
  const auto variable_it = constructed_.find(expr);
  const bool trivial = constructor->isTrivial() || (constructor->isDefaulted() && constructor->isCopyOrMoveConstructor() && constructor->getParent()->isTriviallyCopyable());
  if (trivial) return;  // moves bits: value() looks through it
  std::vector<Operand> operands;
  const auto member_it = constructed_members_.find(expr);
  operands.push_back(variable_it != constructed_.end() ? place_operand(Operand::Kind::address, root(variable_it->second))
                     : member_it != constructed_members_.end() ? place_operand(Operand::Kind::address, member(member_it->second)) : Operand{});
  for (const Expr* argument : expr->arguments())
    if (!isa<CXXDefaultArgExpr>(argument)) operands.push_back(address_or_value(argument));
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.operands = std::move(operands);
  event.const_operands = const_operands(*constructor, true);
  name_callee(event, *constructor);
}

void Body::destroy(const CXXDestructorDecl* destructor, Operand object, SourceRange where) {
  if (destructor == nullptr || destructor->isTrivial()) return;
  Event& event = emit(Event::Kind::call, where);
  event.implicit = true;
  event.operands.push_back(std::move(object));
  name_callee(event, *destructor);
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
  Operand initial = init->isGLValue() && decl->getType()->isReferenceType() ? address_or_value(init) : value(init);
  write(root(decl), Event::Operator::initialise, std::move(initial), SourceRange(decl->getLocation(), init->getEndLoc()));
}

void Body::statement(const Stmt* stmt) {
  if (const auto* expr = dyn_cast<CallExpr>(stmt)) {
    call(expr);
  } else if (const auto* made = dyn_cast<CXXConstructExpr>(stmt)) {
    construct(made);
  } else if (const auto* created = dyn_cast<CXXNewExpr>(stmt)) {
    emit(Event::Kind::call, created->getSourceRange(), created).callee = "operator new";
  } else if (const auto* deleted = dyn_cast<CXXDeleteExpr>(stmt)) {
    Operand object = value(deleted->getArgument());
    Event& event = emit(Event::Kind::call, deleted->getSourceRange(), deleted);
    event.callee = "operator delete";
    event.operands.push_back(std::move(object));
  } else if (const auto* binary = dyn_cast<BinaryOperator>(stmt)) {
    if (binary->isAssignmentOp()) return assign(binary);
    if (!binary->isComparisonOp()) return;
    Operand left = value(binary->getLHS()), right = value(binary->getRHS());
    Event& event = emit(Event::Kind::compare, binary->getSourceRange());
    tests_[binary] = static_cast<std::uint32_t>(out_.events.size() - 1);
    const BinaryOperatorKind op = binary->getOpcode();
    event.op = op == BO_EQ ? Event::Operator::equal : op == BO_NE ? Event::Operator::unequal
               : op == BO_LT || op == BO_LE ? Event::Operator::less : Event::Operator::greater;
    event.operands.push_back(std::move(left));
    event.operands.push_back(std::move(right));
  } else if (const auto* unary = dyn_cast<UnaryOperator>(stmt)) {
    if (unary->isIncrementDecrementOp()) {
      read(unary->getSubExpr(), unary->getSourceRange());
      write(lvalue(unary->getSubExpr()), Event::Operator::update, {}, unary->getSourceRange());
    } else if (unary->getOpcode() == UO_LNot) {
      Operand tested = value(unary->getSubExpr());
      Event& event = emit(Event::Kind::compare, unary->getSourceRange());
      tests_[unary] = static_cast<std::uint32_t>(out_.events.size() - 1);
      event.op = Event::Operator::equal;
      event.operands.push_back(std::move(tested));
      event.operands.emplace_back().kind = Operand::Kind::number;
    }
  } else if (const auto* cast = dyn_cast<ImplicitCastExpr>(stmt)) {
    if (cast->getCastKind() == CK_LValueToRValue) read(cast->getSubExpr(), cast->getSourceRange());
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
    const CXXMethodDecl* body = lambda->getCallOperator();
    if (!body->isDependentContext()) context_.pending.emplace_back(body, out_.key);
  } else if (const auto* sized = dyn_cast<UnaryExprOrTypeTraitExpr>(stmt); sized != nullptr && sized->getKind() == UETT_SizeOf) {
    if (const RecordDecl* record = sized->getTypeOfArgument()->getAsRecordDecl(); record != nullptr && (context_.record_name(*record) == "PyObject" || context_.record_name(*record) == "PyVarObject")) {
      Event& event = emit(Event::Kind::call, sized->getSourceRange());
      event.callee = "sizeof";
      event.operands.emplace_back().kind = Operand::Kind::text;
      event.operands.back().text = context_.record_name(*record);
    }
  } else if (const auto* offset = dyn_cast<OffsetOfExpr>(stmt)) {
    if (const RecordDecl* record = offset->getTypeSourceInfo()->getType()->getAsRecordDecl(); record != nullptr && (context_.record_name(*record) == "PyObject" || context_.record_name(*record) == "PyVarObject")) {
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
    statement(statement_at);
    const auto* expr = dyn_cast<Expr>(statement_at);
    if (expr == nullptr) return;
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
    if (const Expr* init_expr = member->getInit()->IgnoreImplicit(); constructed_members_.contains(init_expr) && results_.contains(init_expr)) return;
    Place place = this->member(member->getAnyMember());
    write(std::move(place), Event::Operator::initialise, value(member->getInit()), member->getSourceRange());
    return;
  }
  if (const auto local = part.getAs<CFGAutomaticObjDtor>()) {
    destroy(local->getDestructorDecl(context_.ast), place_operand(Operand::Kind::address, root(local->getVarDecl())), SourceRange(local->getTriggerStmt()->getEndLoc()));
  } else if (const auto temporary = part.getAs<CFGTemporaryDtor>()) {
    const CXXBindTemporaryExpr* bound = temporary->getBindTemporaryExpr();
    destroy(temporary->getDestructorDecl(context_.ast), value(bound->getSubExpr()), SourceRange(bound->getEndLoc()));
  } else if (const auto base = part.getAs<CFGBaseDtor>()) {
    Place self;
    if (out_.has_this) self.root = Place::Root::variable, self.variable = 0;
    destroy(base->getDestructorDecl(context_.ast), place_operand(Operand::Kind::place, std::move(self)), SourceRange(decl_.getLocation()));
  } else if (const auto member = part.getAs<CFGMemberDtor>()) {
    destroy(member->getDestructorDecl(context_.ast), place_operand(Operand::Kind::address, this->member(member->getFieldDecl())), SourceRange(decl_.getLocation()));
  }
}

void Body::condition(const CFGBlock& block, model::Block& lowered) {
  if (block.succ_size() != 2 || !block.getTerminator().isValid() || !block.getTerminator().isStmtBranch()) return;
  if (isa<SwitchStmt>(block.getTerminatorStmt()) || isa<CXXTryStmt>(block.getTerminatorStmt()) || isa<CXXForRangeStmt>(block.getTerminatorStmt())) return;
  const Expr* tested = block.getLastCondition();
  if (tested == nullptr) tested = dyn_cast_or_null<Expr>(block.getTerminatorCondition());
  if (tested == nullptr) return;
  // Conversions to bool and casts do not change what is tested.
  const Expr* core = tested->IgnoreParenImpCasts();
  for (const Expr* seen : {tested, core})
    if (const auto known = tests_.find(seen); known != tests_.end()) {
      lowered.condition = known->second;
      return;
    }
  // __builtin_expect(!!(x == NULL), 0) is still the test of x.
  const Expr* inner = core;
  for (bool through_call = true; through_call;) {
    through_call = false;
    if (const auto* called = dyn_cast<CallExpr>(inner); called != nullptr && called->getBuiltinCallee() == Builtin::BI__builtin_expect && called->getNumArgs() > 0) {
      inner = called->getArg(0)->IgnoreParenCasts();
      through_call = true;
    }
    if (const auto* outer = dyn_cast<UnaryOperator>(inner); outer != nullptr && outer->getOpcode() == UO_LNot)
      if (const auto* second = dyn_cast<UnaryOperator>(outer->getSubExpr()->IgnoreParenCasts()); second != nullptr && second->getOpcode() == UO_LNot) {
        inner = second->getSubExpr()->IgnoreParenCasts();
        through_call = true;
      }
  }
  if (const auto known = tests_.find(inner); known != tests_.end()) {
    lowered.condition = known->second;
    return;
  }
  Operand operand = value(inner);
  Event& event = emit(Event::Kind::compare, tested->getSourceRange());
  event.op = Event::Operator::truth;
  event.operands.push_back(std::move(operand));
  lowered.condition = static_cast<std::uint32_t>(out_.events.size() - 1);
}

}  // namespace ftaudit::frontend
