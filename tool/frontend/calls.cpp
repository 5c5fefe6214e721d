// Calls of functions, methods, closures and constructors: who is called, with which operands.
#include "frontend/body.h"

#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/references.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;
using model::Place;

// A guard that somebody else keeps: in an optional it is made when that is made with a mutex, or by emplace(); for a
// smart pointer by make_unique() and make_shared(). It is destroyed with what keeps it, or by reset().
static std::string guard_within(const Context& context, const FunctionDecl& callee, Event& event) {
  if (!event.callee.starts_with("std::") || event.instance.empty()) return {};
  const std::size_t split = event.callee.rfind("::");
  const std::string holder = event.callee.substr(0, split), method = event.callee.substr(split + 2);
  const bool points = holder == "std::unique_ptr" || holder == "std::shared_ptr";
  const std::string last = event.instance.substr(event.instance.rfind(':') + 1);
  const std::string makes = event.instance + "::" + last;
  const capi::LockCall* lock = context.locks.find(makes);
  if (event.callee == "std::make_unique" || event.callee == "std::make_shared") {
    if (lock == nullptr || lock->token != 0 || event.operands.empty()) return {};
    event.operands.emplace(event.operands.begin());  // the guard itself has no name
    event.const_operands <<= 1;
    return makes;
  }
  if (holder != "std::optional" && !points) return {};
  const bool gives_another = event.operands.size() > 1 && event.operands[1].kind != Operand::Kind::unknown &&
                             event.operands[1].kind != Operand::Kind::null;
  if ((method == "reset" && !gives_another) || method.starts_with("~")) {
    const std::string destroys = event.instance + "::~" + last;
    return context.locks.find(destroys) != nullptr ? destroys : std::string();
  }
  if (points || (method != "emplace" && method != "optional")) return {};
  if (lock == nullptr || lock->token != 0) return {};
  // Made without a guard, or of another optional.
  const RecordDecl* given =
      callee.getNumParams() == 0 ? nullptr : callee.getParamDecl(0)->getType().getNonReferenceType()->getAsRecordDecl();
  if (given == nullptr) return {};
  const std::string record = context.record_name(*given);
  if (record == event.instance || record == "std::optional" || record == "std::nullopt_t") return {};
  if (record == "std::in_place_t") {  // what follows is for the guard
    if (event.operands.size() < 3) return {};
    event.operands.erase(event.operands.begin() + 1);
    event.const_operands = (event.const_operands & 1) | (event.const_operands >> 2 << 1);
  }
  return makes;
}

void Body::name_callee(Event& event, const FunctionDecl& callee, SourceLocation written) {
  event.callee = context_.name(callee);
  // Macros rename CPython's inline functions (_PyMutex_Lock, _Py_NewRef, and from 3.14 on _Py_TYPE, within other macros
  // too): the documented name is the one to know.
  if (written.isMacroID() && event.callee.starts_with("_Py") &&
      Lexer::getImmediateMacroName(written, context_.sources, context_.ast.getLangOpts()) == event.callee.substr(1))
    event.callee.erase(0, 1);
  if (context_.in_project(callee.getLocation()) ||
      (callee.getDefinition() != nullptr && context_.in_project(callee.getDefinition()->getLocation())))
    event.callee_key = context_.key(callee);
  // A binding library says by it whose methods are bound, also where its headers lie in the project.
  if (event.callee_key.text.empty() || capi::is_binding_scope(event.callee)) event.instance = instance_of(callee);
  if (std::string guard = guard_within(context_, callee, event); !guard.empty()) event.callee = std::move(guard);
  if (const capi::LockCall* lock = context_.locks.find(event.callee))
    event.kind = lock->does == capi::LockCall::Does::release   ? Event::Kind::release
                 : lock->does == capi::LockCall::Does::acquire ? Event::Kind::acquire
                                                               : Event::Kind::call;
}

// Of pybind11::class_<Counter>::def it is Counter, of std::make_unique<Node> it is Node.
std::string Body::instance_of(const FunctionDecl& callee) const {
  const auto* owner = dyn_cast<ClassTemplateSpecializationDecl>(callee.getDeclContext());
  const TemplateArgumentList* arguments =
      owner != nullptr ? &owner->getTemplateArgs() : callee.getTemplateSpecializationArgs();
  if (arguments == nullptr || arguments->size() == 0) return {};
  const TemplateArgument* first = &arguments->get(0);
  if (first->getKind() == TemplateArgument::Pack && first->pack_size() > 0) first = &*first->pack_begin();
  if (first->getKind() != TemplateArgument::Type) return {};
  QualType type = first->getAsType();
  while (!type->getPointeeType().isNull()) type = type->getPointeeType();
  const RecordDecl* record = type->getAsRecordDecl();
  return record != nullptr ? context_.record_name(*record) : std::string();
}

// The class's own operator new and delete run project code; the library's are known by their names.
void Body::run_operator(Event& event, const FunctionDecl* allocation) {
  if (allocation != nullptr && context_.in_project(allocation->getLocation()))
    event.callee_key = context_.key(*allocation);
}

// Runs before the constructor, whose object it makes. Placement makes nothing: its argument is the object.
void Body::create(const CXXNewExpr* expr) {
  const FunctionDecl* allocation = expr->getOperatorNew();
  if (allocation != nullptr && allocation->isReservedGlobalPlacementOperator()) return;
  in_once_ = once_.contains(expr);
  std::vector<Operand> operands;
  if (allocation != nullptr && context_.in_project(allocation->getLocation())) {
    const QualType type = expr->getAllocatedType();
    Operand& size = operands.emplace_back();
    if (!expr->isArray() && !type->isIncompleteType() && !type->isDependentType()) {
      size.kind = Operand::Kind::number;
      size.number = context_.ast.getTypeSizeInChars(type).getQuantity();
    }
    for (const Expr* argument : expr->placement_arguments()) operands.push_back(address_or_value(argument));
  }
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.callee = "operator new";
  event.operands = std::move(operands);
  if (const RecordDecl* record = expr->getAllocatedType()->getAsRecordDecl())
    event.instance = context_.record_name(*record);
  run_operator(event, allocation);
}

// A constructor taken from the base with `using`: called with the parameters of the one that stands for it here.
void Body::inherit(const CXXInheritedCtorInitExpr* expr) {
  std::vector<Operand> operands{self()};
  if (const auto* own = dyn_cast<CXXConstructorDecl>(&decl_))
    for (const ParmVarDecl* parameter : own->parameters()) {
      Place place = root(parameter);
      operands.push_back(place_operand(Operand::Kind::place, std::move(place)));
    }
  Event& event = emit(Event::Kind::call, SourceRange(decl_.getLocation()), expr);
  event.operands = std::move(operands);
  event.const_operands = const_operands(*expr->getConstructor(), true);
  name_callee(event, *expr->getConstructor());
}

// A parameter `T&&` of a function template of the library, which hands it on to a constructor: what it names is copied.
// Ranges, and what calls a function with it, may do more.
static bool forwards(const FunctionDecl& callee, unsigned parameter) {
  const FunctionTemplateDecl* made_from = callee.getPrimaryTemplate();
  const auto* method = dyn_cast<CXXMethodDecl>(&callee);
  if (made_from == nullptr ||
      !(method != nullptr ? method->getParent()->isInStdNamespace() : callee.isInStdNamespace()))
    return false;
  const DeclContext* scope = callee.getEnclosingNamespaceContext();
  if (const auto* space = dyn_cast<NamespaceDecl>(scope); space != nullptr && space->getName() == "ranges")
    return false;
  if (callee.getIdentifier() != nullptr && capi::calls_its_argument(callee.getName())) return false;
  const FunctionDecl& pattern = *made_from->getTemplatedDecl();
  if (pattern.getNumParams() == 0) return false;
  const ParmVarDecl* declared = pattern.getParamDecl(std::min(parameter, pattern.getNumParams() - 1));
  QualType type = declared->getType();
  if (const auto* pack = type->getAs<PackExpansionType>()) type = pack->getPattern();
  const auto* reference = type->getAs<RValueReferenceType>();
  return reference != nullptr && reference->getPointeeType()->getAs<TemplateTypeParmType>() != nullptr &&
         !reference->getPointeeType().isConstQualified();
}

// Which operands the callee can only read, by the types it declares; `has_object`: operand 0 is the object of a method.
std::uint32_t Body::const_operands(const FunctionDecl& callee, bool has_object) {
  std::uint32_t out = 0;
  if (const auto* method = dyn_cast<CXXMethodDecl>(&callee); has_object && method != nullptr && method->isConst())
    out |= 1;
  for (unsigned i = 0; i < callee.getNumParams() && i + has_object < 32; ++i) {
    const QualType type = callee.getParamDecl(i)->getType();
    const QualType pointee = type->getPointeeType();
    if ((!pointee.isNull() && pointee.isConstQualified()) || (type->isLValueReferenceType() && forwards(callee, i)))
      out |= 1u << (i + has_object);
  }
  return out;
}

// An assignment operator that nobody wrote and that copies bytes.
bool Body::moves_bits(const CallExpr& call) {
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  return method != nullptr && isa<CXXOperatorCallExpr>(call) && method->isTrivial() &&
         (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
}

void Body::call(const CallExpr* expr) {
  if (moves_bits(*expr)) {
    note_assigned(*expr);
    return write(lvalue(expr->getArg(0)), Event::Operator::assign, value(expr->getArg(1)), expr->getSourceRange());
  }
  const FunctionDecl* callee = expr->getDirectCallee();
  if (callee != nullptr) {
    switch (callee->getBuiltinID()) {
      case Builtin::BI__builtin_expect:
      case Builtin::BI__builtin_expect_with_probability:
      case Builtin::BImove:
      case Builtin::BIforward:
      case Builtin::BIas_const:
      case Builtin::BI__builtin_object_size:
      case Builtin::BI__builtin_constant_p:
      case Builtin::BI__builtin_assume: return;
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
    else if (access != nullptr)
      operands.push_back(access->isArrow() ? value(access->getBase()) : address_or_value(access->getBase()));
    is_virtual = method != nullptr && method->isVirtual() && access != nullptr && !access->hasQualifier();
  }
  const bool is_operator = isa<CXXOperatorCallExpr>(expr);
  if (of_closure && is_operator && expr->getNumArgs() > 0) closure_made_here = expr->getArg(0);
  for (const Expr* argument : expr->arguments())
    if (!of_closure || !is_operator || argument != expr->getArg(0)) operands.push_back(address_or_value(argument));
  if (closure_made_here != nullptr && isa<LambdaExpr>(closure_made_here->IgnoreImplicit()))
    target = value(closure_made_here->IgnoreImplicit());
  if (callee == nullptr) target = value(expr->getCallee());
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.operands = std::move(operands);
  event.is_virtual = is_virtual;
  if (callee != nullptr) {
    event.const_operands = const_operands(*callee, method != nullptr && method->isInstance() && !of_closure);
    name_callee(event, *callee, expr->getBeginLoc());
  }
  event.target = std::move(target);
  if (callee == nullptr) return;
  const Event called = event;
  if (capi::is_binding_scope(called.callee)) bind(out_.events.last_id(), expr);
  if (capi::initialises_object(called.callee)) renew(out_.events.last_id());
  atomic_call(called, expr);
  // std::swap and std::exchange store into numbers and pointers; of classes their members say what is done.
  const bool swaps = called.callee == "std::swap";
  if ((swaps || called.callee == "std::exchange") && called.operands.size() == 2 &&
      called.operands[0].kind == Operand::Kind::address) {
    using Kind = model::Type::Kind;
    const Place first = out_.places[called.operands[0].place];
    const Operand& second = called.operands[1];
    if (first.type.kind == Kind::scalar || first.type.kind == Kind::pointer) {
      const Place other = swaps && second.kind == Operand::Kind::address ? out_.places[second.place] : Place{};
      write(first, swaps ? Event::Operator::update : Event::Operator::assign,
            second.kind == Operand::Kind::address ? Operand{} : second, expr->getSourceRange());
      if (other.root != Place::Root::unknown) write(other, Event::Operator::update, {}, expr->getSourceRange());
    }
  }
  // What a smart pointer held before it is given something else goes.
  if (method != nullptr && !called.operands.empty() && method->getParent()->isInStdNamespace() &&
      (called.callee.ends_with("_ptr::reset") || called.callee.ends_with("_ptr::operator=")))
    destroy_owned(*method->getParent(), called.operands[0], expr->getSourceRange());
}

// What is given to PyObject_Init is a new object from then on, under the name that it has here.
void Body::renew(model::EventId call) {
  const Event initialised = out_.events[call];
  if (initialised.operands.empty() || initialised.operands[0].kind != Operand::Kind::place) return;
  const Place place = out_.places[initialised.operands[0].place];
  if (place.root != Place::Root::variable || !place.steps.empty()) return;
  // An object that its destructor brings back to life is the one that it was.
  if (capi::revives(initialised.callee) && place.variable < out_.parameters) return;
  Operand made;
  made.kind = Operand::Kind::call, made.event = call;
  Event event;
  event.kind = Event::Kind::write, event.op = Event::Operator::assign;
  event.span = initialised.span, event.macro = initialised.macro, event.once = initialised.once;
  event.place = initialised.operands[0].place, event.implicit = true;
  event.operands.push_back(std::move(made));
  out_.events.push_back(std::move(event));
}

void Body::construct(const CXXConstructExpr* expr) {
  const CXXConstructorDecl* constructor = expr->getConstructor();
  const auto variable_it = constructed_.find(expr);
  const bool trivial =
      constructor->isTrivial() || (constructor->isDefaulted() && constructor->isCopyOrMoveConstructor() &&
                                   constructor->getParent()->isTriviallyCopyable());
  if (trivial) return;  // moves bits: value() looks through it
  std::vector<Operand> operands;
  const auto member_it = constructed_members_.find(expr);
  const auto new_it = constructed_new_.find(expr);
  operands.push_back(variable_it != constructed_.end()
                         ? place_operand(Operand::Kind::address, root(variable_it->second))
                     : new_it != constructed_new_.end()        ? value(new_it->second)
                     : member_it == constructed_members_.end() ? Operand{}
                     : member_it->second == nullptr            ? self()
                                                    : place_operand(Operand::Kind::address, member(member_it->second)));
  for (const Expr* argument : expr->arguments())
    if (!isa<CXXDefaultArgExpr>(argument)) operands.push_back(address_or_value(argument));
  Event& event = emit(Event::Kind::call, expr->getSourceRange(), expr);
  event.operands = std::move(operands);
  event.const_operands = const_operands(*constructor, true);
  name_callee(event, *constructor);
}

}  // namespace ftaudit::frontend
