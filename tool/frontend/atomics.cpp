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

// Where an exchange has what it stores and what it expects, counted from the place: Interlocked functions of Windows
// have them the other way round.
struct Exchange {
  bool compares = false;
  std::size_t stored = 1, expected = 0;
};

static Exchange exchange_of(const std::string& operation) {
  const bool interlocked = operation.find("interlockedcompareexchange") != std::string::npos;
  if (interlocked) return {true, 1, 2};
  const bool compares = operation.find("compare_exchange") != std::string::npos ||
                        operation.find("compare_and_swap") != std::string::npos;
  return compares ? Exchange{true, 2, 1} : Exchange{};
}

// Gives back the old value and stores the new one, whatever the old one was.
static bool swaps(const std::string& operation) {
  return operation.find("exchange") != std::string::npos || operation.find("test_and_set") != std::string::npos;
}

// Where a failure's order is not given it is the success's, without what only a write has.
static model::Order of_failure(model::Order success) {
  return success == model::Order::release   ? model::Order::relaxed
         : success == model::Order::acq_rel ? model::Order::acquire
                                            : success;
}

// std::atomic members, C11 generic functions, CPython's and the compiler's builtins also touch what they are given.
void Body::atomic_call(const Event& called, const CallExpr* expr) {
  if (called.operands.empty() || !capi::is_atomic_operation(called.callee)) return;
  Place place = through(called.operands[0]);
  if (place.root == Place::Root::unknown) return;
  const std::string operation = to_lower(called.callee);
  if (operation.find("notify") != std::string::npos) return;
  const bool loads = operation.find("load") != std::string::npos || operation.find("wait") != std::string::npos || operation.find("conversion") != std::string::npos ||
                     operation.find("read") != std::string::npos || operation == "std::atomic_flag::test";
  const bool clears = operation.ends_with("flag::clear") || operation.ends_with("flag_clear") ||
                      operation.ends_with("flag_clear_explicit") || operation == "__sync_lock_release";
  const Exchange exchange = exchange_of(operation);
  const std::uint32_t where = intern(std::move(place));
  const std::vector<model::Order> given = orders_of(expr);
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange());
  access.place = where;
  access.atomic = true;
  access.op = loads               ? Event::Operator::none
              : exchange.compares ? Event::Operator::compare_exchange
              : clears || operation.find("store") != std::string::npos || operation.ends_with("operator=")
                  ? Event::Operator::assign
              : swaps(operation) ? Event::Operator::exchange
                                 : Event::Operator::update;
  access.order = !given.empty()                                   ? given[0]
                 : operation.find("relaxed") != std::string::npos ? model::Order::relaxed
                 : operation.find("acquire") != std::string::npos ? model::Order::acquire
                 : operation.find("release") != std::string::npos ? model::Order::release
                                                                  : model::Order::seq_cst;
  if (loads) return;
  if (exchange.compares) access.failure = given.size() > 1 ? given[1] : of_failure(access.order);
  // An order that a call leaves to its default is no value.
  const auto operand = [&](std::size_t i) {
    const std::size_t argument = isa<CXXMemberCallExpr>(expr) ? i - 1 : i;
    const bool given_value = argument < expr->getNumArgs() && !is_order(expr->getArg(argument)->getType());
    return called.operands.size() > i && given_value ? called.operands[i] : Operand{};
  };
  Operand stored = operand(exchange.stored);
  const bool sets = clears || operation.find("test_and_set") != std::string::npos;
  if (sets && stored.kind == Operand::Kind::unknown)
    stored.kind = Operand::Kind::number, stored.number = clears ? 0 : 1;
  access.operands.push_back(std::move(stored));
  if (!exchange.compares) return;
  Operand expected = operand(exchange.expected);
  if (expected.kind == Operand::Kind::address) expected.kind = Operand::Kind::place;  // what stands there
  access.operands.push_back(std::move(expected));
}

constexpr model::Order orders[]{model::Order::relaxed, model::Order::acquire, model::Order::acquire,
                                model::Order::release, model::Order::acq_rel, model::Order::seq_cst};

// The arguments that are memory orders: of a comparison its success's, then its failure's.
std::vector<model::Order> Body::orders_of(const CallExpr* expr) {
  std::vector<model::Order> out;
  const FunctionDecl* callee = expr->getDirectCallee();
  for (unsigned i = 0; i < callee->getNumParams() && i < expr->getNumArgs(); ++i) {
    if (!is_order(callee->getParamDecl(i)->getType())) continue;
    const Operand order = value(expr->getArg(i));
    if (order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6)
      out.push_back(orders[order.number]);
  }
  return out;
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
  Operand expected = compares ? place_operand(Operand::Kind::place, through(given)) : Operand{};
  const auto order_in = [&](const Expr* given_order) {
    const Operand order = value(given_order);
    return order.kind == Operand::Kind::number && order.number >= 0 && order.number < 6 ? orders[order.number]
                                                                                        : model::Order::seq_cst;
  };
  const model::Order order = order_in(expr->getOrder());
  const model::Order failure = compares ? order_in(expr->getOrderFail()) : model::Order::none;
  Event& access = emit(loads ? Event::Kind::read : Event::Kind::write, expr->getSourceRange(), expr);
  access.place = where;
  access.atomic = true;
  access.callee = operation.str();
  access.op = loads                         ? Event::Operator::none
              : operation.contains("store") ? Event::Operator::assign
              : compares                    ? Event::Operator::compare_exchange
              : swaps(operation.str())      ? Event::Operator::exchange
                                            : Event::Operator::update;
  access.order = order;
  access.failure = failure;
  if (!loads) access.operands.push_back(std::move(stored));
  if (compares) access.operands.push_back(expected);
  const Operand old = event_operand(out_.events.last_id());
  if (compares)
    write(through(given), Event::Operator::update, old, expr->getSourceRange());  // when another value was there
  else if (by_address && loads) write(through(given), Event::Operator::assign, old, expr->getSourceRange());
  else if (operation == "__atomic_exchange")
    write(through(value(expr->getVal2())), Event::Operator::assign, old, expr->getSourceRange());
}

}  // namespace ftaudit::frontend
