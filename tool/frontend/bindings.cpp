// What a C++ binding does by itself when Python calls: it reads and writes a field that was bound as an attribute, and
// it takes the locks that a registration asks for around the function it calls. Nobody wrote these functions; they are
// written down as if somebody had, so that everything that holds for functions holds for them.
#include "capi/capi.h"
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

StringRef last_of(StringRef name) { return name.substr(name.rfind("::") == StringRef::npos ? 0 : name.rfind(':') + 1); }

// The declaration that `&T::member`, a cast of it or an overload chosen by the binding names; a lambda's body.
const ValueDecl* named_by(const Expr* expr) {
  for (;;) {
    expr = expr->IgnoreParenCasts();
    if (const auto* full = dyn_cast<FullExpr>(expr)) expr = full->getSubExpr();
    else if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) expr = temporary->getSubExpr();
    else if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expr)) expr = bound->getSubExpr();
    else if (const auto* unary = dyn_cast<UnaryOperator>(expr); unary != nullptr && unary->getOpcode() == UO_AddrOf)
      expr = unary->getSubExpr();
    else if (const auto* chosen = dyn_cast<CXXOperatorCallExpr>(expr);
             chosen != nullptr && chosen->getOperator() == OO_Call && chosen->getNumArgs() > 1)
      expr = chosen->getArg(1);
    else if (const auto* lambda = dyn_cast<LambdaExpr>(expr)) return lambda->getCallOperator();
    else if (const auto* ref = dyn_cast<DeclRefExpr>(expr)) return ref->getDecl();
    else return nullptr;
  }
}

Operand place_of(model::Function& function, Operand::Kind kind, std::uint32_t variable) {
  Place place;
  place.root = Place::Root::variable;
  place.variable = variable;
  place.type = function.variables[variable].type;
  Operand out;
  out.kind = kind;
  out.place = static_cast<std::uint32_t>(function.places.size());
  function.places.push_back(std::move(place));
  return out;
}

// nb::arg().lock() is an arg_locked, later an arg_t<flags, true>.
bool asks_for_lock(const RecordDecl& annotation) {
  if (annotation.getName().contains("locked")) return true;
  const auto* instance = dyn_cast<ClassTemplateSpecializationDecl>(&annotation);
  if (instance == nullptr) return false;
  return llvm::any_of(instance->getTemplateArgs().asArray(), [](const TemplateArgument& argument) {
    return argument.getKind() == TemplateArgument::Integral && argument.getIntegralType()->isBooleanType() &&
           argument.getAsIntegral() != 0;
  });
}

// One block of events between the entry and the exit.
void close(model::Function& function) {
  const model::EventId first(0), end = function.events.next_id();
  function.blocks.push_back({.first = first, .last = first, .successors = {1}});
  function.blocks.push_back({.first = first, .last = end, .successors = {2}});
  function.blocks.push_back({.first = end, .last = end, .successors = {}});
}

}  // namespace

void Body::bind(model::EventId at, const CallExpr* expr) {
  const std::string callee = out_.events[at].callee;
  const StringRef member = last_of(callee);
  const bool reads = member.starts_with("def_readonly") || member.starts_with("def_ro");
  if (const bool writes = member.starts_with("def_readwrite") || member.starts_with("def_rw"); reads || writes) {
    // After the name; what follows describes it.
    const Expr* argument = expr->getNumArgs() < 2 ? nullptr : expr->getArg(1);
    const ValueDecl* named_decl = argument == nullptr ? nullptr : named_by(argument);
    if (named_decl == nullptr || !isa<FieldDecl, VarDecl>(named_decl)) return;
    for (const bool sets : {false, true}) {
      if (sets && !writes) continue;
      Operand& made = out_.events[at].operands.emplace_back();
      made.kind = Operand::Kind::function;
      made.function = accessor(*named_decl, sets, argument->getSourceRange());
    }
  } else if (member == "def" || member == "def_static" || member.starts_with("def_prop")) {
    lock_around(at, expr);
  }
}

model::Function Body::unwritten(std::string key, std::string name, SourceRange where) {
  model::Function out;
  out.key = {std::move(key)};
  out.name = std::move(name);
  out.span = out.name_span = context_.span(where);
  out.is_implicit = true;
  return out;
}

static void add_parameter(model::Function& function, std::string name, model::Type type) {
  model::Variable variable;
  variable.name = std::move(name);
  variable.by_reference = type.kind == model::Type::Kind::reference;
  variable.type = std::move(type);
  variable.span = function.span;
  variable.storage = model::Storage::parameter;
  function.variables.push_back(std::move(variable));
  function.parameters = static_cast<std::uint32_t>(function.variables.size());
}

// The function that gets or sets a bound field, or a bound static member, for Python.
model::FunctionKey Body::accessor(const ValueDecl& bound, bool sets, SourceRange where) {
  const std::string name = (sets ? "setter of " : "getter of ") + context_.name(bound);
  model::Function made = unwritten(out_.key.text + " " + name, name, where);
  const auto* field = dyn_cast<FieldDecl>(&bound);
  Place place;
  if (field != nullptr) {
    add_parameter(made, "self",
                  context_.type(context_.ast.getLValueReferenceType(
                      context_.ast.getTypeDeclType(cast<TypeDecl>(field->getParent())))));
    place.root = Place::Root::variable;
    place.variable = 0;
    place.steps = {{Step::Kind::deref, {}, {}},
                   {Step::Kind::field, field->getNameAsString(), context_.record_name(*field->getParent())}};
  } else {
    place.root = Place::Root::global;
    place.global = context_.global(cast<VarDecl>(bound));
  }
  place.type = context_.type(bound.getType());
  const model::Type type = place.type;
  if (sets) add_parameter(made, "value", type);
  const auto where_it_is = static_cast<std::uint32_t>(made.places.size());
  made.places.push_back(std::move(place));
  Event& access = made.events.emplace_back();
  access.span = made.span;
  if (capi::is_cxx_container(type.record) && type.indirections == 0) {
    Operand object;
    object.kind = Operand::Kind::address;
    object.place = where_it_is;
    const std::string plain =
        type.record.substr(type.record.rfind(':') == std::string::npos ? 0 : type.record.rfind(':') + 1);
    access.callee = type.record + "::" + (sets ? std::string("operator=") : plain);
    access.operands = sets ? std::vector<Operand>{object, place_of(made, Operand::Kind::place, made.parameters - 1)}
                           : std::vector<Operand>{Operand{}, object};
    access.const_operands = 2;
  } else {
    access.kind = sets ? Event::Kind::write : Event::Kind::read;
    access.place = where_it_is;
    access.atomic = type.is_atomic;
    if (access.atomic) access.order = model::Order::seq_cst;
    if (sets) {
      access.op = Event::Operator::assign;
      access.operands.push_back(place_of(made, Operand::Kind::place, made.parameters - 1));
    }
  }
  Event& leave = made.events.emplace_back();
  leave.kind = Event::Kind::leave;
  leave.span = made.span;
  close(made);
  const model::FunctionKey key = made.key;
  context_.add_unwritten(std::move(made));
  return key;
}

// nb::lock_self() and the .lock() of an argument: the binding holds the critical section of the object while it calls.
void Body::lock_around(model::EventId at, const CallExpr* expr) {
  std::vector<std::uint32_t> locked;
  const bool method = StringRef(out_.events[at].callee).contains("class_::");
  std::uint32_t annotated = method ? 1 : 0;
  std::vector<std::pair<const FunctionDecl*, SourceRange>> bound;
  for (const Expr* argument : expr->arguments()) {
    const RecordDecl* record = argument->getType().getNonReferenceType()->getAsRecordDecl();
    const std::string type = record != nullptr ? context_.record_name(*record) : "";
    if (type == "nanobind::lock_self") locked.insert(locked.begin(), 0);
    else if (StringRef(type).starts_with("nanobind::arg")) {
      if (asks_for_lock(*record)) locked.push_back(annotated);
      ++annotated;
    } else if (const auto* callee = dyn_cast_or_null<FunctionDecl>(named_by(argument))) {
      bound.emplace_back(callee, argument->getSourceRange());
    }
  }
  if (!locked.empty())
    for (const auto& [callee, where] : bound) lock_around(at, *callee, locked, where);
}

// The function as the binding calls it: with the sections of these parameters held.
void Body::lock_around(model::EventId at, const FunctionDecl& callee, std::vector<std::uint32_t> locked,
                       SourceRange where) {
  const model::FunctionKey key = context_.key(callee);
  model::Function made =
      unwritten(out_.key.text + " locks for " + key.text, context_.name(callee) + " as bound", where);
  const auto* body = dyn_cast<CXXMethodDecl>(&callee);
  const bool closure = body != nullptr && body->getParent()->isLambda();
  if (closure) made.name = "lambda in " + out_.name + " as bound";
  if (body != nullptr && body->isInstance() && !closure)
    add_parameter(made, "self", context_.type(body->getThisType()));
  for (const ParmVarDecl* parameter : callee.parameters())
    add_parameter(made, parameter->getNameAsString(), context_.type(parameter->getType()));
  std::erase_if(locked, [&](std::uint32_t parameter) { return parameter >= made.parameters; });
  if (locked.empty()) return;
  const std::string guard = locked.size() > 1 ? "ft_object2_guard" : "ft_object_guard";
  model::Variable held;
  held.name = "guard";
  held.span = made.span;
  held.type.kind = model::Type::Kind::record;
  held.type.record = held.type.spelling = "nanobind::" + guard;
  made.variables.push_back(std::move(held));
  const auto emit_into = [&](Event::Kind kind, std::string name) -> Event& {
    Event& event = made.events.emplace_back();
    event.kind = kind;
    event.span = made.span;
    event.callee = std::move(name);
    return event;
  };
  std::vector<Operand> taken{place_of(made, Operand::Kind::address, made.parameters)}, passed_on;
  for (std::size_t i = 0; i < locked.size() && i < 2; ++i)
    taken.push_back(place_of(made, Operand::Kind::place, locked[i]));
  for (std::uint32_t i = 0; i < made.parameters; ++i) passed_on.push_back(place_of(made, Operand::Kind::place, i));
  emit_into(Event::Kind::acquire, "nanobind::" + guard + "::" + guard).operands = taken;
  Event& call = emit_into(Event::Kind::call, context_.name(callee));
  call.callee_key = key;
  call.operands = std::move(passed_on);
  Event& leave = emit_into(Event::Kind::leave, "");
  Operand result;
  result.kind = Operand::Kind::call;
  result.event = made.events.last_id() - 1;
  leave.operands.push_back(std::move(result));
  Event& given_back = emit_into(Event::Kind::release, "nanobind::" + guard + "::~" + guard);
  given_back.operands = {taken[0]};
  given_back.implicit = true;
  close(made);
  for (Operand& operand : out_.events[at].operands)
    if (operand.kind == Operand::Kind::function && operand.function == key)
      operand.function = made.key, operand.parts.clear();
  context_.add_unwritten(std::move(made));
}

}  // namespace ftaudit::frontend
