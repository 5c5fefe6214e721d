#include "analysis/taken.h"

#include <algorithm>

#include "analysis/path.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

bool is_local(const model::Function& function, const Operand& operand, std::uint32_t variable) {
  if (operand.kind != Operand::Kind::place) return false;
  const Place& place = function.places[operand.place];
  return place.root == Place::Root::variable && place.variable == variable && place.steps.empty();
}

// The event is reached only where the local was found not to be NULL, and control comes by that question on its way
// to `at`.
bool where_there_is_one(const Program& program, FunctionId id, const Values& values, std::uint32_t variable,
                        EventId event, EventId load, EventId at) {
  const model::Function& function = program.function(id);
  const Flow& flow = program.flow(id);
  bool found = false;
  values.each_condition(event, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (compare < load || test.operands.empty() || !is_local(function, test.operands[0], variable)) return;
    const bool null = test.operands.size() < 2 || constant(test.operands[1]) == 0;
    const bool there = (test.op == Event::Operator::truth && outcome) ||
                       (null && test.op == Event::Operator::unequal && outcome) ||
                       (null && test.op == Event::Operator::equal && !outcome);
    found |= there && flow.dominates(flow.block_of[compare], flow.block_of[at]);
  });
  return found;
}

}  // namespace

bool is_taken(const Program& program, FunctionId id, const Values& values, EventId load, EventId at) {
  const model::Function& function = program.function(id);
  const Event& read = function.events[load];
  if (read.kind != Event::Kind::write || read.operands.empty() || read.operands[0].kind != Operand::Kind::place)
    return false;
  const std::uint32_t variable = function.places[read.place].variable;
  const Place& from = function.places[read.operands[0].place];
  const bool global = from.root == Place::Root::global && from.steps.empty();
  if (!global && (from.steps.empty() || from.steps.back().kind != Step::Kind::field)) return false;
  const Flow& flow = program.flow(id);
  std::string slot;  // its name, once a store may be to it
  bool taken = false;
  const std::vector<EventId>& writes = values.memory_writes();
  for (auto it = std::upper_bound(writes.begin(), writes.end(), load); it != writes.end() && *it < at; ++it) {
    const EventId e = *it;
    const Event& store = function.events[e];
    const Place& to = function.places[store.place];
    if (!store.operands.empty() && is_local(function, store.operands[0], variable)) return false;
    if (taken || to.steps.size() != from.steps.size() || (!global && to.steps.back() != from.steps.back()) ||
        !flow.dominates(flow.block_of[load], flow.block_of[e]))
      continue;
    if (slot.empty()) slot = path_of(function, values, from, load).text();
    taken = path_of(function, values, to, e).text() == slot &&
            (flow.dominates(flow.block_of[e], flow.block_of[at]) ||
             where_there_is_one(program, id, values, variable, e, load, at));
  }
  return taken;
}

bool taken_out(const Program& program, FunctionId id, const Values& values, const Place& place, EventId at) {
  const model::Function& function = program.function(id);
  if (place.root != Place::Root::variable || place.variable < function.parameters) return false;
  const std::vector<EventId>& given = values.definitions(place.variable, at);
  if (given.size() != 1 || given[0] == none) return false;
  return is_taken(program, id, values, given[0], at);
}

}  // namespace ftaudit::analysis
