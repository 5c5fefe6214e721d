// Program, the part that finds who calls whom: by name, through a pointer, through a vtable; and what a lambda was
// made from.
#include <algorithm>

#include "analysis/pointers.h"
#include "analysis/program.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

// A lambda kept in a local of its own type can only be called there by its name: that is no mention.
static bool stays_in_local(const model::Function& function, const Event& event) {
  if (event.kind != Event::Kind::write || event.operands.empty() || event.operands[0].kind != Operand::Kind::function)
    return false;
  const model::Place& place = function.places[event.place];
  return place.root == model::Place::Root::variable && place.steps.empty() &&
         place.type.kind == model::Type::Kind::record && place.type.record.empty();
}

void Program::note_creation(FunctionId id, EventId event, const Operand& operand) {
  const FunctionId lambda = find(operand.function);
  if (lambda == none || !facts.functions[lambda].is_lambda) return;
  // Where it is made it comes with its captures; elsewhere only with its name.
  if (Creation& made = creations_[lambda]; made.closure == nullptr || made.closure->parts.size() < operand.parts.size())
    made = {id, event, &operand};
}

const Operand* Program::captured(FunctionId lambda, std::uint32_t variable) const {
  const Creation& made = creations_[lambda];
  const std::uint32_t parameters = facts.functions[lambda].parameters;
  if (made.closure == nullptr || variable < parameters || variable - parameters >= made.closure->parts.size())
    return nullptr;
  return &made.closure->parts[variable - parameters];
}

void Program::link() {
  for (const FunctionId id : facts.functions.ids()) {
    const model::Function& function = facts.functions[id];
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (is_call(event) && !event.callee_key.text.empty())
        if (const FunctionId to = find(event.callee_key); to != none) from_[id].push_back({id, to, e, false});
      const bool stays = stays_in_local(function, event);
      each_operand(event, [&](const Operand& operand) {
        if (operand.kind != Operand::Kind::function) return;
        note_creation(id, e, operand);
        const bool called_here = is_call(event) && &operand == &event.target && operand.function == event.callee_key;
        if (called_here || (stays && &operand == &event.operands[0])) return;
        if (const FunctionId to = find(operand.function); to != none) from_[id].push_back({id, to, e, true});
      });
    }
  }
  link_overriders();
  for (const Edge& edge : calls_through_pointers(*this)) from_[edge.from].push_back(edge);
  for (std::vector<Edge>& edges : from_) {
    std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.event < b.event; });
    for (const Edge& edge : edges) to_[edge.to].push_back(edge);
  }
}

Per<FunctionId, bool> Program::with_callers(Per<FunctionId, bool> functions) const {
  std::vector<FunctionId> news;
  for (const FunctionId id : functions.ids())
    if (functions[id]) news.push_back(id);
  while (!news.empty()) {
    const FunctionId id = news.back();
    news.pop_back();
    for (const Edge& edge : calls_to(id))
      if (!edge.mention && !functions[edge.from]) functions[edge.from] = true, news.push_back(edge.from);
  }
  return functions;
}

const std::vector<FunctionId>& Program::overriders(const model::FunctionKey& method) const {
  static const std::vector<FunctionId> nobody;
  const auto found = overriders_.find(method.text);
  return found == overriders_.end() ? nobody : found->second;
}

// A call through a vtable may reach what derived classes put there.
void Program::link_overriders() {
  for (const FunctionId id : facts.functions.ids())
    for (const model::FunctionKey& overridden : facts.functions[id].overrides)
      overriders_[overridden.text].push_back(id);
  if (overriders_.empty()) return;
  for (const FunctionId id : facts.functions.ids())
    for (const EventId e : facts.functions[id].events.ids()) {
      const Event& event = facts.functions[id].events[e];
      if (!event.is_virtual) continue;
      for (const FunctionId to : overriders(event.callee_key)) from_[id].push_back({id, to, e, false, true});
    }
}

}  // namespace ftaudit::analysis
