#include "analysis/locking_loops.h"

#include <algorithm>

#include "analysis/loops.h"
#include "analysis/numbered_steps.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;

namespace {

// Taken by hand, of an array: a guard gives it back at the end of the round.
bool takes_element(const LockTerms& terms, const Program& program, FunctionId id, EventId at) {
  const LockCall* call = program.lock_call(program.function(id).events[at].callee);
  return call != nullptr && call->does == LockCall::Does::acquire && call->token < 0 &&
         std::ranges::any_of(terms.taken_by(id, at), is_one_of_many, &Lock::what);
}

bool releases(const Program& program, const Event& event) {
  const LockCall* call = is_call(event) ? program.lock_call(event.callee) : nullptr;
  return call != nullptr && call->does == LockCall::Does::release;
}

}  // namespace

std::vector<LockingLoop> locking_loops(const LockTerms& terms, const Program& program, FunctionId id) {
  std::vector<LockingLoop> out;
  const model::Function& function = program.function(id);
  std::vector<EventId> elements;
  for (const EventId e : function.events.ids())
    if (is_call(function.events[e]) && takes_element(terms, program, id, e)) elements.push_back(e);
  if (elements.empty()) return out;
  const Flow& flow = program.flow(id);
  for (std::uint32_t head = 0; head < function.blocks.size(); ++head) {
    LockingLoop loop{head, loop_of(flow, head), {}};
    const auto gives_back = [&](std::uint32_t block) {
      for (const EventId e : function.blocks[block].events()) {
        if (releases(program, function.events[e])) return true;
        const FunctionId callee = program.find(function.events[e].callee_key);
        if (callee != none && std::ranges::any_of(program.function(callee).events,
                                                  [&](const Event& inner) { return releases(program, inner); }))
          return true;
      }
      return false;
    };
    if (loop.blocks.empty() || std::ranges::any_of(loop.blocks, gives_back)) continue;
    for (const EventId e : elements) {
      const bool each_round = std::ranges::all_of(flow.predecessors[head], [&](std::uint32_t last) {
        return !loop.blocks.contains(last) || flow.dominates(flow.block_of[e], last);
      });
      if (each_round && loop.blocks.contains(flow.block_of[e])) loop.taken.push_back(e);
    }
    if (!loop.taken.empty()) out.push_back(std::move(loop));
  }
  return out;
}

bool leaves_out_locks(const std::vector<LockingLoop>& loops, std::uint32_t from, std::uint32_t to, const World& world) {
  return std::ranges::any_of(loops, [&](const LockingLoop& loop) {
    return loop.head == from && !loop.blocks.contains(to) && std::ranges::none_of(world.open, [&](const Lock& lock) {
             return std::ranges::find(loop.taken, lock.acquired) != loop.taken.end();
           });
  });
}

}  // namespace ftaudit::analysis
