#include "frontend/body.h"

#include "base/text.h"
#include "capi/capi.h"

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
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(&decl_))
    for (const CXXCtorInitializer* init : constructor->inits())
      if (init->getInit() != nullptr) {
        if (const auto* made = dyn_cast<CXXConstructExpr>(init->getInit()->IgnoreImplicit()); made != nullptr && init->isAnyMemberInitializer()) constructed_members_.emplace(made, init->getAnyMember());
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

// What a lambda captures, in order: the operand that makes the closure has a part for each. By reference they hold addresses.
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
      if (const auto* captured = dyn_cast<VarDecl>(capture.getCapturedVar())) variables_.emplace(captured->getCanonicalDecl(), number);
    }
    out_.variables.push_back(std::move(out));
  }
}

// The expression that a test is about, without what negates it an even number of times or only hints at the outcome;
// `negated` says whether an odd one is left. A negation that stands for a comparison with 0 is a test of its own.
static const Expr* tested_by(const Expr* expr, bool& negated) {
  for (;;) {
    expr = expr->IgnoreParenCasts();
    if (const auto* called = dyn_cast<CallExpr>(expr); called != nullptr && called->getBuiltinCallee() == Builtin::BI__builtin_expect && called->getNumArgs() > 0) {
      expr = called->getArg(0);
    } else if (const auto* outer = dyn_cast<UnaryOperator>(expr); outer != nullptr && outer->getOpcode() == UO_LNot) {
      const Expr* inner = outer->getSubExpr()->IgnoreParenCasts();
      const auto* second = dyn_cast<UnaryOperator>(inner);
      const auto* binary = dyn_cast<BinaryOperator>(inner);
      if (second != nullptr && second->getOpcode() == UO_LNot) expr = second->getSubExpr();
      else if (binary != nullptr && (binary->isComparisonOp() || binary->isLogicalOp())) expr = inner, negated = !negated;
      else return expr;
    } else {
      return expr;
    }
  }
}

// `!(a && b)`: Clang computes the value, and tests it in a block of its own where every way comes together. The facts go
// straight from a and from b to where the test leads.
struct Joint {
  const Expr* last = nullptr;  // the operand that decides when none before it did
  bool negated = false;
};

static Joint joint(const CFGBlock& block) {
  if (block.succ_size() != 2 || !block.getTerminator().isValid() || !block.getTerminator().isStmtBranch()) return {};
  const Expr* tested = block.getLastCondition();
  if (tested == nullptr) return {};
  Joint out;
  const Expr* core = tested_by(tested, out.negated);
  const auto* logical = dyn_cast<BinaryOperator>(core);
  if (logical == nullptr || !logical->isLogicalOp()) return {};
  for (const CFGElement& element : block) {
    const auto stmt = element.getAs<CFGStmt>();
    if (!stmt) return {};
    const auto* expr = dyn_cast<Expr>(stmt->getStmt());
    const auto* cast = dyn_cast_or_null<CastExpr>(expr);
    const auto* call = dyn_cast_or_null<CallExpr>(expr);
    const auto* unary = dyn_cast_or_null<UnaryOperator>(expr);
    const bool quiet = expr == logical || (unary != nullptr && unary->getOpcode() == UO_LNot) || (cast != nullptr && cast->getCastKind() != CK_LValueToRValue) ||
                       (call != nullptr && call->getBuiltinCallee() == Builtin::BI__builtin_expect) || isa_and_nonnull<IntegerLiteral>(expr) || (isa_and_nonnull<DeclRefExpr>(expr) && expr->getType()->isFunctionType());
    if (!quiet) return {};
  }
  while (logical != nullptr && logical->isLogicalOp()) {
    out.last = logical->getRHS();
    logical = dyn_cast<BinaryOperator>(out.last->IgnoreParens());
  }
  return out;
}

// C functions of libraries, CPython's among them, throw nothing.
bool Body::ends_in_library_call(const CFGBlock& block) const {
  if (block.empty()) return false;
  const auto last = block.back().getAs<CFGStmt>();
  const auto* call = last ? dyn_cast<CallExpr>(last->getStmt()) : nullptr;
  const FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
  return callee != nullptr && callee->isExternC() && !context_.in_project(callee->getLocation());
}

bool Body::build(Stmt* body) {
  CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.PruneTriviallyFalseEdges = true;
  options.AddStaticInitBranches = !once_.empty();
  options.AddEHEdges = has_handlers_;  // else a handler is reached only by an explicit throw
  const std::unique_ptr<CFG> graph = CFG::buildCFG(&decl_, body, &context_.ast, options);
  if (graph == nullptr) return false;

  const PostOrderCFGView order(graph.get());
  std::unordered_map<const CFGBlock*, std::uint32_t> numbers;
  for (const CFGBlock* block : order) numbers.emplace(block, static_cast<std::uint32_t>(numbers.size()));
  const auto number = [&](const CFGBlock* block) { return block != nullptr && numbers.contains(block) ? numbers[block] : model::none; };
  for (const CFGBlock* block : order) {
    model::Block lowered;
    lowered.first = static_cast<std::uint32_t>(out_.events.size());
    if (joint(*block).last == nullptr) {
      for (const CFGElement& part : *block) element(part);
      std::vector<const CFGBlock*> next;
      for (const CFGBlock::AdjacentBlock& edge : block->succs()) next.push_back(edge.getReachableBlock());
      if (next.size() > 1 && !block->getTerminator().isValid() && ends_in_library_call(*block)) next.resize(1);  // the others lead to handlers
      bool negated = false;
      if (const Joint meeting = next.size() == 1 && next[0] != nullptr ? joint(*next[0]) : Joint{}; meeting.last != nullptr) {
        negated = decide(meeting.last, lowered) != meeting.negated;
        const CFGBlock* both = next[0];
        next = {both->succ_begin()->getReachableBlock(), (both->succ_begin() + 1)->getReachableBlock()};
      } else {
        negated = condition(*block, lowered);
        for (std::size_t outcome = 0; outcome < next.size(); ++outcome) {
          const Joint decided = next[outcome] != nullptr && next.size() == 2 ? joint(*next[outcome]) : Joint{};
          if (decided.last != nullptr) next[outcome] = (next[outcome]->succ_begin() + ((outcome == 1) != decided.negated))->getReachableBlock();
        }
      }
      for (const CFGBlock* successor : next) lowered.successors.push_back(number(successor));
      if (negated) std::swap(lowered.successors[0], lowered.successors[1]);
    }
    lowered.last = static_cast<std::uint32_t>(out_.events.size());
    out_.blocks.push_back(std::move(lowered));
  }
  return true;
}

Event& Body::emit(Event::Kind kind, SourceRange range, const Expr* result) {
  Event event;
  event.kind = kind;
  event.once = in_once_;
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

// An assignment operator that nobody wrote and that copies bytes.
bool Body::moves_bits(const CallExpr& call) {
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  return method != nullptr && isa<CXXOperatorCallExpr>(call) && method->isTrivial() && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
}

void Body::call(const CallExpr* expr) {
  if (moves_bits(*expr)) return write(lvalue(expr->getArg(0)), Event::Operator::assign, value(expr->getArg(1)), expr->getSourceRange());
  const FunctionDecl* callee = expr->getDirectCallee();
  if (callee != nullptr) {
    switch (callee->getBuiltinID()) {
      case Builtin::BI__builtin_expect: case Builtin::BI__builtin_expect_with_probability: case Builtin::BImove: case Builtin::BIforward: case Builtin::BIas_const:
      case Builtin::BI__builtin_object_size: case Builtin::BI__builtin_constant_p: case Builtin::BI__builtin_assume: return;
      default: break;
    }
    if (isa<CXXConversionDecl>(callee) && passed(*expr) != nullptr) return;
  }
  if (expr->isUnevaluatedBuiltinCall(context_.ast)) return;
  // Operands first: they may intern places, and the event must follow what it uses.
  std::vector<Operand> operands;
  Operand target;
  bool is_virtual = false;
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(callee);
  // A lambda is called with its arguments alone: what it captures came with the operand that made it.
  const bool of_closure = method != nullptr && method->getParent()->isLambda();
  const Expr* closure_made_here = nullptr;
  if (const auto* member = dyn_cast<CXXMemberCallExpr>(expr)) {
    const auto* access = dyn_cast<MemberExpr>(member->getCallee()->IgnoreParens());
    if (access != nullptr && of_closure) closure_made_here = access->getBase();
    else if (access != nullptr) operands.push_back(access->isArrow() ? value(access->getBase()) : address_or_value(access->getBase()));
    is_virtual = method != nullptr && method->isVirtual() && access != nullptr && !access->hasQualifier();
  }
  const bool is_operator = isa<CXXOperatorCallExpr>(expr);
  if (of_closure && is_operator && expr->getNumArgs() > 0) closure_made_here = expr->getArg(0);
  for (const Expr* argument : expr->arguments())
    if (!of_closure || !is_operator || argument != expr->getArg(0)) operands.push_back(address_or_value(argument));
  if (closure_made_here != nullptr && isa<LambdaExpr>(closure_made_here->IgnoreImplicit())) target = value(closure_made_here->IgnoreImplicit());
  if (callee == nullptr) target = value(expr->getCallee());
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.operands = std::move(operands);
  event.is_virtual = is_virtual;
  if (callee != nullptr) {
    event.const_operands = const_operands(*callee, method != nullptr && method->isInstance() && !of_closure);
    name_callee(event, *callee);
  }
  event.target = std::move(target);
  if (callee == nullptr) return;
  const Event called = event;
  atomic_call(called, expr);
  // What a smart pointer held before it is given something else goes.
  if (method != nullptr && !called.operands.empty() && method->getParent()->isInStdNamespace() && (called.callee.ends_with("_ptr::reset") || called.callee.ends_with("_ptr::operator=")))
    destroy_owned(*method->getParent(), called.operands[0], expr->getSourceRange());
}

static bool is_order(QualType type) {
  const auto* order = type->getAs<EnumType>();
  return order != nullptr && order->getDecl()->getName() == "memory_order";
}

// std::atomic members, C11 generic functions, CPython's and the compiler's builtins also touch what they are given.
void Body::atomic_call(const Event& called, const CallExpr* expr) {
  if (called.operands.empty() || !capi::is_atomic_operation(called.callee)) return;
  Place place = through(called.operands[0]);
  if (place.root == Place::Root::unknown) return;
  const std::string operation = to_lower(called.callee);
  const bool loads = operation.find("load") != std::string::npos || operation.find("conversion") != std::string::npos || operation.find("read") != std::string::npos;
  // The operand that ends up in the place: behind what a comparison expects.
  const bool compares = operation.find("compare_exchange") != std::string::npos || operation.find("compare_and_swap") != std::string::npos;
  const std::size_t stored = compares ? 2 : 1;
  const std::uint32_t where = intern(std::move(place));
  const std::optional<model::Order> given = order_of(expr);
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange());
  access.place = where;
  access.atomic = true;
  access.op = loads ? Event::Operator::none : operation.find("store") != std::string::npos || operation.ends_with("operator=") ? Event::Operator::assign : Event::Operator::update;
  access.order = given ? *given : operation.find("relaxed") != std::string::npos ? model::Order::relaxed
                 : operation.find("acquire") != std::string::npos ? model::Order::acquire
                 : operation.find("release") != std::string::npos ? model::Order::release : model::Order::seq_cst;
  const unsigned argument = isa<CXXMemberCallExpr>(expr) ? stored - 1 : stored;
  const bool given_value = argument < expr->getNumArgs() && !is_order(expr->getArg(argument)->getType());
  if (!loads) access.operands.push_back(called.operands.size() > stored && given_value ? called.operands[stored] : Operand{});
}

constexpr model::Order orders[]{model::Order::relaxed, model::Order::acquire, model::Order::acquire, model::Order::release, model::Order::acq_rel, model::Order::seq_cst};

// The first argument that is a memory order (of a comparison: the order of its success).
std::optional<model::Order> Body::order_of(const CallExpr* expr) {
  const FunctionDecl* callee = expr->getDirectCallee();
  for (unsigned i = 0; i < callee->getNumParams() && i < expr->getNumArgs(); ++i) {
    if (!is_order(callee->getParamDecl(i)->getType())) continue;
    const Operand order = value(expr->getArg(i));
    if (order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6) return orders[order.number];
  }
  return {};
}

void Body::atomic(const AtomicExpr* expr) {
  Place place = through(value(expr->getPtr()));
  if (place.root == Place::Root::unknown) return;
  const std::uint32_t where = intern(std::move(place));
  const StringRef operation = expr->getOpAsString();
  const bool compares = expr->isCmpXChg();
  Operand given = expr->getNumSubExprs() > 2 ? value(expr->getVal1()) : Operand{};
  Operand stored = compares ? value(expr->getVal2()) : given;
  // The generic builtins take and give their values by address.
  const bool by_address = operation == "__atomic_store" || operation == "__atomic_load" || operation == "__atomic_exchange" || operation == "__atomic_compare_exchange";
  if (by_address) stored = place_operand(Operand::Kind::place, through(stored));
  const bool loads = operation.contains("load");
  const Operand order = value(expr->getOrder());
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange(), expr);
  access.place = where;
  access.atomic = true;
  access.callee = operation.str();
  access.op = loads ? Event::Operator::none : operation.contains("store") ? Event::Operator::assign : Event::Operator::update;
  access.order = order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6 ? orders[order.number] : model::Order::seq_cst;
  if (!loads) access.operands.push_back(std::move(stored));
  const Operand old = event_operand(static_cast<std::uint32_t>(out_.events.size() - 1));
  if (compares) write(through(given), Event::Operator::update, old, expr->getSourceRange());  // when another value was there
  else if (by_address && loads) write(through(given), Event::Operator::assign, old, expr->getSourceRange());
  else if (operation == "__atomic_exchange") write(through(value(expr->getVal2())), Event::Operator::assign, old, expr->getSourceRange());
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
  event.operands.push_back(object);
  name_callee(event, *destructor);
  if (destructor->getParent()->isInStdNamespace()) destroy_owned(*destructor->getParent(), object, where);
}

// Smart pointers and containers of std take down what they own: the project's own types and deleters among them.
void Body::destroy_owned(const CXXRecordDecl& owner, const Operand& object, SourceRange where) {
  const auto* instance = dyn_cast<ClassTemplateSpecializationDecl>(&owner);
  if (instance == nullptr) return;
  const bool points = owner.getName().ends_with("_ptr");
  if (owner.getName() == "weak_ptr") return;
  std::vector<const FunctionDecl*> callees;
  for (const TemplateArgument& argument : instance->getTemplateArgs().asArray()) {
    if (argument.getKind() != TemplateArgument::Type) continue;
    const CXXRecordDecl* record = argument.getAsType()->getAsCXXRecordDecl();
    if (record == nullptr || !record->hasDefinition() || !context_.in_project(record->getLocation())) continue;
    record = record->getDefinition();
    const FunctionDecl* found = nullptr;
    if (points && callees.size() + 1 < instance->getTemplateArgs().size())
      for (const CXXMethodDecl* method : record->methods())
        if (method->getOverloadedOperator() == OO_Call && &argument != instance->getTemplateArgs().asArray().begin()) found = method;  // a deleter of its own
    if (const CXXDestructorDecl* destructor = record->getDestructor(); found == nullptr && destructor != nullptr && !destructor->isTrivial()) found = destructor;
    if (found != nullptr) callees.push_back(found);
  }
  for (const FunctionDecl* callee : callees) {
    Operand owned = points && (object.kind == Operand::Kind::address || object.kind == Operand::Kind::place) ? object : Operand{};
    if (owned.kind == Operand::Kind::address) owned.kind = Operand::Kind::place;  // what the pointer in it leads to
    std::vector<Operand> operands;
    if (!isa<CXXDestructorDecl>(callee)) operands.emplace_back();  // the deleter itself
    operands.push_back(std::move(owned));
    Event& event = emit(Event::Kind::call, where);
    event.implicit = true;
    event.operands = std::move(operands);
    name_callee(event, *callee);
  }
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
  write(root(decl), Event::Operator::initialise, std::move(initial), SourceRange(decl->getLocation(), init->getEndLoc()));
  in_once_ = outer;
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
    } else if (bool negated = false; unary->getOpcode() == UO_LNot && tested_by(unary, negated) == unary) {
      Operand tested = value(unary->getSubExpr());
      Event& event = emit(Event::Kind::compare, unary->getSourceRange());
      tests_[unary] = static_cast<std::uint32_t>(out_.events.size() - 1);
      event.op = Event::Operator::equal;
      event.operands.push_back(std::move(tested));
      event.operands.emplace_back().kind = Operand::Kind::number;
    }
  } else if (const auto* cast = dyn_cast<ImplicitCastExpr>(stmt)) {
    if (cast->getCastKind() == CK_LValueToRValue && !constant_of(*cast->getSubExpr())) read(cast->getSubExpr(), cast->getSourceRange());
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
    in_once_ = once_.contains(statement_at);
    statement(statement_at);
    const auto* expr = dyn_cast<Expr>(statement_at);
    if (expr == nullptr) return;
    if (expr == initial_) {
      const auto& global = cast<VarDecl>(decl_);
      if (!constructed_.contains(expr) || !results_.contains(expr)) write(root(&global), Event::Operator::initialise, global.getType()->isReferenceType() ? address_or_value(expr) : value(expr), expr->getSourceRange());
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
    if (const Expr* init_expr = member->getInit()->IgnoreImplicit(); constructed_members_.contains(init_expr) && results_.contains(init_expr)) return;
    const Expr* init_expr = member->getInit();
    Operand initial = init_expr->isGLValue() && member->getAnyMember()->getType()->isReferenceType() ? address_or_value(init_expr) : value(init_expr);
    write(this->member(member->getAnyMember()), Event::Operator::initialise, std::move(initial), member->getSourceRange());
    return;
  }
  if (const auto local = part.getAs<CFGAutomaticObjDtor>()) {
    destroy(local->getDestructorDecl(context_.ast), place_operand(Operand::Kind::address, named(local->getVarDecl())), SourceRange(local->getTriggerStmt()->getEndLoc()));
  } else if (const auto temporary = part.getAs<CFGTemporaryDtor>()) {
    const CXXBindTemporaryExpr* bound = temporary->getBindTemporaryExpr();
    if (!context_.in_project(bound->getEndLoc())) return;  // of an argument that a library's declaration supplies
    destroy(temporary->getDestructorDecl(context_.ast), value(bound->getSubExpr()), SourceRange(bound->getEndLoc()));
  } else if (const auto deleted = part.getAs<CFGDeleteDtor>()) {
    const CXXRecordDecl* record = deleted->getCXXRecordDecl();
    const CXXDestructorDecl* destructor = record != nullptr ? record->getDestructor() : nullptr;
    destroy(destructor, value(deleted->getDeleteExpr()->getArgument()), deleted->getDeleteExpr()->getSourceRange());
    if (destructor != nullptr && destructor->isVirtual()) out_.events.back().is_virtual = true;
  } else if (const auto base = part.getAs<CFGBaseDtor>()) {
    Place self;
    if (out_.has_this) self.root = Place::Root::variable, self.variable = 0;
    destroy(base->getDestructorDecl(context_.ast), place_operand(Operand::Kind::place, std::move(self)), SourceRange(decl_.getLocation()));
  } else if (const auto member = part.getAs<CFGMemberDtor>()) {
    destroy(member->getDestructorDecl(context_.ast), place_operand(Operand::Kind::address, this->member(member->getFieldDecl())), SourceRange(decl_.getLocation()));
  }
}

// Gives the block the comparison that decides where it goes on; true when the outcomes are swapped.
bool Body::condition(const CFGBlock& block, model::Block& lowered) {
  if (block.succ_size() != 2 || !block.getTerminator().isValid() || !block.getTerminator().isStmtBranch()) return false;
  if (isa<SwitchStmt, CXXTryStmt, CXXForRangeStmt, DeclStmt>(block.getTerminatorStmt())) return false;
  const Expr* tested = block.getLastCondition();
  if (tested == nullptr) tested = dyn_cast_or_null<Expr>(block.getTerminatorCondition());
  return tested != nullptr && decide(tested, lowered);
}

bool Body::decide(const Expr* tested, model::Block& lowered) {
  // Conversions to bool, casts and hints do not change what is tested: __builtin_expect(!!(x == NULL), 0) is the test of x.
  bool negated = false;
  const Expr* core = tested_by(tested, negated);
  for (const Expr* seen : {tested, core})
    if (const auto known = tests_.find(seen); known != tests_.end()) {
      lowered.condition = known->second;
      return seen == core && negated;
    }
  Operand operand = value(core);
  Event& event = emit(Event::Kind::compare, tested->getSourceRange());
  event.op = Event::Operator::truth;
  event.operands.push_back(std::move(operand));
  lowered.condition = static_cast<std::uint32_t>(out_.events.size() - 1);
  return negated;
}

}  // namespace ftaudit::frontend
