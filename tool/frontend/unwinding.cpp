// What an exception does on its way to a handler: the locals that it destroys, which Clang's graph leaves out.
#include "capi/capi.h"
#include "frontend/body.h"

namespace ftaudit::frontend {

using namespace clang;

// The locals with destructors that live where a call, a throw or a try stands, back to the try around it.
void Body::note_lives(const Stmt* stmt, const Living* living) {
  if (stmt == nullptr || isa<LambdaExpr>(stmt)) return;
  if (isa<CallExpr, CXXThrowExpr, CXXTryStmt>(stmt)) living_.emplace(stmt, living);
  for (const Stmt* child : stmt->children()) {
    note_lives(child, isa<CXXTryStmt>(stmt) && !isa_and_nonnull<CXXCatchStmt>(child) ? nullptr : living);
    const auto* declaration = dyn_cast_or_null<DeclStmt>(child);
    if (declaration == nullptr) continue;
    for (const Decl* decl : declaration->decls()) {
      const auto* variable = dyn_cast<VarDecl>(decl);
      const CXXRecordDecl* record =
          variable == nullptr || !variable->hasLocalStorage() ? nullptr : variable->getType()->getAsCXXRecordDecl();
      if (record != nullptr && record->hasDefinition() && !record->hasTrivialDestructor())
        living = &lives_.emplace_back(Living{variable, living});
    }
  }
}

// The block ends in a call whose exception a handler of this function gets. C functions of libraries, CPython's among
// them, throw nothing; locks are taken and given back, or the program is wrong anyway. What leaves the function is no
// way through it.
bool Body::throws_here(const CFGBlock& block) const {
  if (block.succ_size() != 2 || block.getTerminator().isValid() || block.empty()) return false;
  const CFGBlock* handlers = (block.succ_begin() + 1)->getReachableBlock();
  if (handlers == nullptr || dyn_cast_or_null<CXXTryStmt>(handlers->getTerminatorStmt()) == nullptr) return false;
  const auto last = block.back().getAs<CFGStmt>();
  const auto* call = last ? dyn_cast<CallExpr>(last->getStmt()) : nullptr;
  const FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
  if (callee == nullptr) return true;
  return !(callee->isExternC() && !context_.in_project(callee->getLocation())) &&
         context_.locks.find(context_.name(*callee)) == nullptr;
}

// The way that an exception takes from a throw, or from a try none of whose handlers takes it.
bool Body::leaves_unhandled(const CFGBlock& block, const CFGBlock* to) {
  if (to == nullptr) return false;
  if (isa_and_nonnull<CXXTryStmt>(block.getTerminatorStmt()))
    return dyn_cast_or_null<CXXCatchStmt>(to->getLabel()) == nullptr;
  const auto last = block.empty() ? std::nullopt : block.back().getAs<CFGStmt>();
  return last && isa<CXXThrowExpr>(last->getStmt());
}

// The block where locals die between what throws and the handlers; the handlers' own where there are none.
std::uint32_t Body::landing(const CFGBlock& thrower, const CFGBlock* handlers, std::uint32_t handlers_number) {
  const Stmt* at = thrower.getTerminatorStmt();
  if (at == nullptr && !thrower.empty())
    if (const auto last = thrower.back().getAs<CFGStmt>()) at = last->getStmt();
  const auto known = living_.find(at);
  if (known == living_.end() || known->second == nullptr || handlers_number == model::none) return handlers_number;
  const auto* outer = dyn_cast_or_null<CXXTryStmt>(handlers->getTerminatorStmt());
  for (const Landing& same : landings_)
    if (outer != nullptr && same.living == known->second && same.handlers == handlers_number) return same.own;
  landings_.push_back({known->second, outer != nullptr ? outer->getTryBlock()->getEndLoc() : at->getEndLoc(),
                       handlers_number, static_cast<std::uint32_t>(out_.blocks.size())});
  out_.blocks.emplace_back();
  return landings_.back().own;
}

void Body::lower_landings() {
  for (; lowered_landings_ < landings_.size(); ++lowered_landings_) {
    const Landing land = landings_[lowered_landings_];
    model::Block lowered;
    lowered.first = out_.events.next_id();
    for (const Living* dying = land.living; dying != nullptr; dying = dying->before)
      destroy(dying->variable->getType()->getAsCXXRecordDecl()->getDestructor(),
              place_operand(model::Operand::Kind::address, named(dying->variable)), SourceRange(land.where));
    lowered.last = out_.events.next_id();
    lowered.successors = {land.handlers};
    lowered.unwinds = true;
    out_.blocks[land.own] = std::move(lowered);
  }
}

static void renumber(model::Operand& operand, const Per<model::EventId, model::EventId>& number) {
  if (operand.event != model::none) operand.event = number[operand.event];
  for (model::Operand& part : operand.parts) renumber(part, number);
}

// Events in the order of their blocks.
static void arrange_events(model::Function& out) {
  Per<model::EventId, model::Event> arranged;
  Per<model::EventId, model::EventId> number(out.events.size(), model::none);
  for (model::Block& block : out.blocks) {
    const model::EventId first = arranged.next_id();
    for (const model::EventId e : block.events()) {
      number[e] = arranged.next_id();
      arranged.push_back(std::move(out.events[e]));
    }
    block.first = first, block.last = arranged.next_id();
  }
  for (model::Event& event : arranged) {
    renumber(event.target, number);
    for (model::Operand& operand : event.operands) renumber(operand, number);
  }
  for (model::Place& place : out.places)
    if (place.call != model::none) place.call = number[place.call];
  for (model::Block& block : out.blocks)
    if (block.condition != model::none) block.condition = number[block.condition];
  out.events = std::move(arranged);
}

// Reverse post-order again: blocks were added out of turn. What nothing leads to comes last.
void Body::arrange() {
  std::vector<std::uint32_t> order, number(out_.blocks.size(), model::none);
  std::vector<std::pair<std::uint32_t, std::size_t>> open;
  std::vector<bool> seen(out_.blocks.size(), false);
  if (out_.blocks.empty()) return;
  open.emplace_back(0, 0), seen[0] = true;
  while (!open.empty()) {
    auto& [block, next] = open.back();
    const std::vector<std::uint32_t>& successors = out_.blocks[block].successors;
    if (next == successors.size()) {
      order.push_back(block);
      open.pop_back();
    } else if (const std::uint32_t to = successors[successors.size() - ++next]; to != model::none && !seen[to]) {
      seen[to] = true;
      open.emplace_back(to, 0);
    }
  }
  std::reverse(order.begin(), order.end());
  for (std::uint32_t block = 0; block < out_.blocks.size(); ++block)
    if (!seen[block]) order.push_back(block);
  std::vector<model::Block> arranged;
  for (const std::uint32_t block : order) {
    number[block] = static_cast<std::uint32_t>(arranged.size());
    arranged.push_back(std::move(out_.blocks[block]));
  }
  for (model::Block& block : arranged)
    for (std::uint32_t& successor : block.successors)
      if (successor != model::none) successor = number[successor];
  out_.blocks = std::move(arranged);
  arrange_events(out_);
}

}  // namespace ftaudit::frontend
