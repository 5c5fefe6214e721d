// Calls that nobody wrote: the destructors of what goes out of scope, of what is deleted, and of what that owns.
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;

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
        if (method->getOverloadedOperator() == OO_Call && &argument != instance->getTemplateArgs().asArray().begin())
          found = method;  // a deleter of its own
    if (const CXXDestructorDecl* destructor = record->getDestructor();
        found == nullptr && destructor != nullptr && !destructor->isTrivial())
      found = destructor;
    if (found != nullptr) callees.push_back(found);
  }
  for (const FunctionDecl* callee : callees) {
    Operand owned =
        points && (object.kind == Operand::Kind::address || object.kind == Operand::Kind::place) ? object : Operand{};
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

void Body::end_of_life(const CFGElement& part) {
  if (const auto local = part.getAs<CFGAutomaticObjDtor>()) {
    destroy(local->getDestructorDecl(context_.ast), place_operand(Operand::Kind::address, named(local->getVarDecl())),
            SourceRange(local->getTriggerStmt()->getEndLoc()));
  } else if (const auto cleaned = part.getAs<CFGCleanupFunction>()) {
    // __attribute__((cleanup(f))): f gets the address of the variable.
    Event& event = emit(Event::Kind::call, SourceRange(cleaned->getVarDecl()->getEndLoc()));
    event.implicit = true;
    event.operands.push_back(place_operand(Operand::Kind::address, named(cleaned->getVarDecl())));
    name_callee(event, *cleaned->getFunctionDecl());
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
    const CXXRecordDecl* record = base->getBaseSpecifier()->getType()->getAsCXXRecordDecl();
    destroy(record != nullptr ? record->getDestructor() : nullptr, self(), SourceRange(decl_.getLocation()));
  } else if (const auto member = part.getAs<CFGMemberDtor>()) {
    destroy(member->getDestructorDecl(context_.ast),
            place_operand(Operand::Kind::address, this->member(member->getFieldDecl())),
            SourceRange(decl_.getLocation()));
  }
}

}  // namespace ftaudit::frontend
