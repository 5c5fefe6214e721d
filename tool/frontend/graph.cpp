// The shape of a body: Clang's control-flow graph block by block, and the comparisons that decide where each goes on.
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Event;
using model::Operand;

const Expr* tested_by(const Expr* expr, bool& negated) {
  for (;;) {
    expr = expr->IgnoreParenCasts();
    if (const auto* called = dyn_cast<CallExpr>(expr);
        called != nullptr && called->getBuiltinCallee() == Builtin::BI__builtin_expect && called->getNumArgs() > 0) {
      expr = called->getArg(0);
    } else if (const auto* outer = dyn_cast<UnaryOperator>(expr); outer != nullptr && outer->getOpcode() == UO_LNot) {
      const Expr* inner = outer->getSubExpr()->IgnoreParenCasts();
      const auto* second = dyn_cast<UnaryOperator>(inner);
      const auto* binary = dyn_cast<BinaryOperator>(inner);
      if (second != nullptr && second->getOpcode() == UO_LNot) expr = second->getSubExpr();
      else if (binary != nullptr && (binary->isComparisonOp() || binary->isLogicalOp()))
        expr = inner, negated = !negated;
      else return expr;
    } else {
      return expr;
    }
  }
}

// Longer ones are tables and interpreters, where no case says anything about locks.
static constexpr std::size_t most_cases = 8;

// `!(a && b)`: Clang computes the value, and tests it in a block of its own where every way comes together. The facts
// go straight from a and from b to where the test leads.
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
    const bool quiet = expr == logical || (unary != nullptr && unary->getOpcode() == UO_LNot) ||
                       (cast != nullptr && cast->getCastKind() != CK_LValueToRValue) ||
                       (call != nullptr && call->getBuiltinCallee() == Builtin::BI__builtin_expect) ||
                       isa_and_nonnull<IntegerLiteral>(expr) ||
                       (isa_and_nonnull<DeclRefExpr>(expr) && expr->getType()->isFunctionType());
    if (!quiet) return {};
  }
  while (logical != nullptr && logical->isLogicalOp()) {
    out.last = logical->getRHS();
    logical = dyn_cast<BinaryOperator>(out.last->IgnoreParens());
  }
  return out;
}

static bool ends_in_call(const CFGBlock& block) {
  if (block.empty() || block.getTerminator().isValid()) return false;
  const auto last = block.back().getAs<CFGStmt>();
  return last && isa<CallExpr>(last->getStmt());
}

bool Body::build(Stmt* body) {
  CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.PruneTriviallyFalseEdges = true;
  options.AddCXXNewAllocator = true;
  options.AddStaticInitBranches = !once_.empty();
  options.AddEHEdges = has_handlers_;  // else a handler is reached only by an explicit throw
  const std::unique_ptr<CFG> graph = CFG::buildCFG(&decl_, body, &context_.ast, options);
  if (graph == nullptr) return false;

  const PostOrderCFGView order(graph.get());
  std::unordered_map<const CFGBlock*, std::uint32_t> numbers;
  for (const CFGBlock* block : order) numbers.emplace(block, static_cast<std::uint32_t>(numbers.size()));
  const auto number = [&](const CFGBlock* block) {
    return block != nullptr && numbers.contains(block) ? numbers[block] : model::none;
  };
  out_.blocks.resize(numbers.size());
  for (const CFGBlock* block : order) {
    model::Block lowered;
    std::uint32_t own = numbers[block];
    lowered.first = out_.events.next_id();
    lowered.unwinds = isa_and_nonnull<CXXTryStmt>(block->getTerminatorStmt());
    if (joint(*block).last == nullptr) {
      std::vector<const CFGBlock*> next;
      for (const CFGBlock::AdjacentBlock& edge : block->succs()) next.push_back(edge.getReachableBlock());
      const bool throws = throws_here(*block);
      for (const CFGElement& part : *block) {
        if (throws && &part == &*block->rbegin()) {  // without what the call does
          lowered.last = out_.events.next_id();
          const auto call = static_cast<std::uint32_t>(out_.blocks.size());
          out_.blocks.emplace_back();
          lowered.successors = {call, landing(*block, next[1], number(next[1]))};
          out_.blocks[own] = std::exchange(lowered, {});
          lowered.first = out_.blocks[own].last;
          own = call;
        }
        element(part);
      }
      if (next.size() > 1 && ends_in_call(*block)) next.resize(1);  // the other is the exception's
      if (choose_case(*block, next, numbers, lowered, own)) continue;
      bool negated = false;
      if (const Joint meeting = next.size() == 1 && next[0] != nullptr ? joint(*next[0]) : Joint{};
          meeting.last != nullptr) {
        negated = decide(meeting.last, lowered) != meeting.negated;
        const CFGBlock* both = next[0];
        next = {both->succ_begin()->getReachableBlock(), (both->succ_begin() + 1)->getReachableBlock()};
      } else {
        negated = condition(*block, lowered);
        for (std::size_t outcome = 0; outcome < next.size(); ++outcome) {
          const Joint decided = next[outcome] != nullptr && next.size() == 2 ? joint(*next[outcome]) : Joint{};
          if (decided.last != nullptr)
            next[outcome] = (next[outcome]->succ_begin() + ((outcome == 1) != decided.negated))->getReachableBlock();
        }
      }
      for (const CFGBlock* successor : next)
        lowered.successors.push_back(leaves_unhandled(*block, successor) ? landing(*block, successor, number(successor))
                                                                         : number(successor));
      if (negated) std::swap(lowered.successors[0], lowered.successors[1]);
    }
    lowered.last = out_.events.next_id();
    out_.blocks[own] = std::move(lowered);
    lower_landings();
  }
  if (out_.blocks.size() > numbers.size()) arrange();
  return true;
}

// `switch (x) { case 1: ...; default: ... }` with few cases: `x == 1`, and where it is not, the next; each test in a
// block of its own. False for other blocks.
bool Body::choose_case(const CFGBlock& block, const std::vector<const CFGBlock*>& next,
                       const std::unordered_map<const CFGBlock*, std::uint32_t>& numbers, model::Block& lowered,
                       std::uint32_t own) {
  const auto* chosen = dyn_cast_or_null<SwitchStmt>(block.getTerminatorStmt());
  if (chosen == nullptr || next.size() < 2 || next.size() > most_cases + 1) return false;
  const auto number = [&](const CFGBlock* to) {
    return to != nullptr && numbers.contains(to) ? numbers.at(to) : model::none;
  };
  std::vector<std::pair<std::int64_t, std::uint32_t>>
      cases;  // Clang names the default last, or where there is none the end
  for (std::size_t i = 0; i + 1 < next.size(); ++i) {
    const auto* label = next[i] == nullptr ? nullptr : dyn_cast_or_null<CaseStmt>(next[i]->getLabel());
    if (label == nullptr || label->caseStmtIsGNURange() || label->getLHS()->isValueDependent()) return false;
    cases.emplace_back(label->getLHS()->EvaluateKnownConstInt(context_.ast).getExtValue(), number(next[i]));
  }
  const Operand asked = value(chosen->getCond());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    Event& event = emit(Event::Kind::compare, chosen->getCond()->getSourceRange());
    event.op = Event::Operator::equal;
    event.operands = {asked, {.kind = Operand::Kind::number, .number = cases[i].first}};
    lowered.condition = out_.events.last_id();
    lowered.last = out_.events.next_id();
    const bool last = i + 1 == cases.size();
    const auto rest = last ? number(next.back()) : static_cast<std::uint32_t>(out_.blocks.size());
    if (!last) out_.blocks.emplace_back();
    lowered.successors = {cases[i].second, rest};
    out_.blocks[own] = std::exchange(lowered, {});
    lowered.first = out_.blocks[own].last;
    own = rest;
  }
  lower_landings();
  return true;
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
  // Conversions to bool, casts and hints do not change what is tested: __builtin_expect(!!(x == NULL), 0) is the test
  // of x.
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
  lowered.condition = out_.events.last_id();
  return negated;
}

}  // namespace ftaudit::frontend
