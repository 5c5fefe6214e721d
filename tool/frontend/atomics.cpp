// Atomic operations of C11, C++, CPython and the compiler: the accesses that they make, and in which memory order.
#include "frontend/body.h"

#include "base/text.h"
#include "capi/capi.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;
using model::Place;

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
  const bool loads = operation.find("load") != std::string::npos || operation.find("conversion") != std::string::npos ||
                     operation.find("read") != std::string::npos;
  // The operand that ends up in the place: behind what a comparison expects.
  const bool compares = operation.find("compare_exchange") != std::string::npos ||
                        operation.find("compare_and_swap") != std::string::npos;
  const std::size_t stored = compares ? 2 : 1;
  const std::uint32_t where = intern(std::move(place));
  const std::optional<model::Order> given = order_of(expr);
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange());
  access.place = where;
  access.atomic = true;
  access.op = loads ? Event::Operator::none
              : operation.find("store") != std::string::npos || operation.ends_with("operator=")
                  ? Event::Operator::assign
                  : Event::Operator::update;
  access.order = given                                            ? *given
                 : operation.find("relaxed") != std::string::npos ? model::Order::relaxed
                 : operation.find("acquire") != std::string::npos ? model::Order::acquire
                 : operation.find("release") != std::string::npos ? model::Order::release
                                                                  : model::Order::seq_cst;
  const unsigned argument = isa<CXXMemberCallExpr>(expr) ? stored - 1 : stored;
  const bool given_value = argument < expr->getNumArgs() && !is_order(expr->getArg(argument)->getType());
  if (!loads)
    access.operands.push_back(called.operands.size() > stored && given_value ? called.operands[stored] : Operand{});
}

constexpr model::Order orders[]{model::Order::relaxed, model::Order::acquire, model::Order::acquire,
                                model::Order::release, model::Order::acq_rel, model::Order::seq_cst};

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
  const bool by_address = operation == "__atomic_store" || operation == "__atomic_load" ||
                          operation == "__atomic_exchange" || operation == "__atomic_compare_exchange";
  if (by_address) stored = place_operand(Operand::Kind::place, through(stored));
  const bool loads = operation.contains("load");
  const Operand order = value(expr->getOrder());
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange(), expr);
  access.place = where;
  access.atomic = true;
  access.callee = operation.str();
  access.op = loads                         ? Event::Operator::none
              : operation.contains("store") ? Event::Operator::assign
                                            : Event::Operator::update;
  access.order = order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6 ? orders[order.number]
                                                                                              : model::Order::seq_cst;
  if (!loads) access.operands.push_back(std::move(stored));
  const Operand old = event_operand(static_cast<std::uint32_t>(out_.events.size() - 1));
  if (compares)
    write(through(given), Event::Operator::update, old, expr->getSourceRange());  // when another value was there
  else if (by_address && loads) write(through(given), Event::Operator::assign, old, expr->getSourceRange());
  else if (operation == "__atomic_exchange")
    write(through(value(expr->getVal2())), Event::Operator::assign, old, expr->getSourceRange());
}

}  // namespace ftaudit::frontend
