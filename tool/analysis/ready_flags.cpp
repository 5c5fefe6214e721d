#include "analysis/ready_flags.h"

#include <algorithm>
#include <set>

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

constexpr int callers_looked_at = 4;

// `first` and the blocks that control gets to from there without passing `wall`.
std::set<std::uint32_t> blocks_after(const model::Function& function, std::uint32_t first, std::uint32_t wall) {
  std::set<std::uint32_t> seen;
  std::vector<std::uint32_t> queue{first};
  while (!queue.empty()) {
    const std::uint32_t block = queue.back();
    queue.pop_back();
    if (block == none || block == wall || !seen.insert(block).second) continue;
    queue.insert(queue.end(), function.blocks[block].successors.begin(), function.blocks[block].successors.end());
  }
  return seen;
}

}  // namespace

ReadyFlags::ReadyFlags(const Program& program, const Held& held)
    : program_(program), held_(held), stores_(program.facts.functions.size()) {
  for (const FunctionId id : stores_.ids()) {
    const auto& events = program.function(id).events;
    for (const EventId e : events.ids())
      if (publishes(events[e]) && events[e].place != none) stores_[id].push_back(e);
  }
}

std::vector<std::string> ReadyFlags::set_after(FunctionId id, EventId write) const {
  std::vector<std::string> out;
  const model::Function& function = program_.function(id);
  for (const EventId store : stores_[id]) {
    if (store <= write) continue;
    const Event& event = function.events[store];
    const Flow& flow = program_.flow(id);
    const Values& values = held_.values(id);
    const std::uint32_t here = flow.block_of[write];
    const std::uint32_t there = flow.block_of[store];
    const std::string flag = values.identity(function.places[event.place], store);
    std::uint32_t asked = none;  // where the flag was found not to be set, on every way to the write
    values.each_condition(write, [&](EventId compare, bool outcome) {
      const Event& test = function.events[compare];
      if (test.operands.empty()) return;
      const Operand& tested = test.operands[0];
      const bool loaded = tested.kind == Operand::Kind::call && function.events[tested.event].kind == Event::Kind::read;
      const std::uint32_t place = loaded                                ? function.events[tested.event].place
                                  : tested.kind == Operand::Kind::place ? tested.place
                                                                        : none;
      if (place == none) return;
      const bool unset = test.op == Event::Operator::truth || test.op == Event::Operator::unequal
                             ? !outcome
                             : test.op == Event::Operator::equal && outcome;
      if (unset && values.identity(function.places[place], loaded ? tested.event : compare) == flag)
        asked = flow.block_of[compare];
    });
    if (asked == none || flag.empty()) continue;
    // No way from the write to the end goes around the store, and none from the store back to the write past the test.
    const std::set<std::uint32_t> before = blocks_after(function, here, there),
                                  after = blocks_after(function, there, asked);
    const bool around = std::any_of(before.begin(), before.end(),
                                    [&](std::uint32_t block) { return function.blocks[block].successors.empty(); });
    if (!around && (here == there || !after.contains(here))) out.push_back("&" + flag);
  }
  return out;
}

std::vector<std::string> ReadyFlags::set_after(const Views& views, const View& view) const {
  std::vector<std::string> out;
  const View* at = &view;
  for (int depth = 0; depth < callers_looked_at && at->from != none && at->call != none; ++depth) {
    if (program_.calls_to(at->function).size() != 1) break;
    const View& caller = views.view(at->from);
    for (const std::string& flag : set_after(caller.function, at->call)) out.push_back(views.absolute(caller, flag));
    at = &caller;
  }
  return out;
}

}  // namespace ftaudit::analysis
