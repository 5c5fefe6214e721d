// Part of Balance: locks that an exception leaves behind. What it destroys on its way are locals, guards among them; a
// mutex that was locked by hand stays locked.
#include <algorithm>

#include "analysis/balance.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

constexpr int callees_looked_into = 3;

// A handler of this function gets what is thrown there.
bool is_handled(const model::Function& function, std::uint32_t block) {
  return std::ranges::any_of(function.blocks, [&](const model::Block& before) {
    const auto leads = [&](std::uint32_t to) { return to != none && function.blocks[to].unwinds; };
    return std::ranges::find(before.successors, block) != before.successors.end() &&
           std::ranges::any_of(before.successors, leads);
  });
}

bool throws_out(const Audit& audit, FunctionId id, int depth);

bool may_throw(const Audit& audit, FunctionId id, std::uint32_t block, EventId e, int depth) {
  const model::Function& function = audit.program().function(id);
  const Event& event = function.events[e];
  if (!is_call(event) || event.implicit) return false;
  const model::Block& own = function.blocks[block];
  EventId last = own.last - 1;
  while (last > e && function.events[last].implicit) --last;
  if (last == e && throws(function, own)) return true;
  const FunctionId callee = audit.program().find(event.callee_key);
  const bool out =
      callee == none ? capi::throws_by_design(event.callee) : !event.is_virtual && throws_out(audit, callee, depth - 1);
  return out && !is_handled(function, block);
}

bool throws_out(const Audit& audit, FunctionId id, int depth) {
  if (depth <= 0) return false;
  const model::Function& function = audit.program().function(id);
  for (std::uint32_t block = 0; block < function.blocks.size(); ++block)
    for (const EventId e : function.blocks[block].events())
      if (may_throw(audit, id, block, e, depth)) return true;
  return false;
}

}  // namespace

std::vector<Leak> thrown_leaks(const Audit& audit, FunctionId id) {
  std::vector<Leak> out;
  const model::Function& function = audit.program().function(id);
  // By hand here, and nowhere by a destructor, which an exception runs as well.
  const auto back_of = [&](const Lock& lock) {
    EventId back = none;
    for (const EventId e : function.events.ids()) {
      const std::vector<std::string> gives = given_back(audit, id, e);
      if (std::ranges::find(gives, lock.what) == gives.end()) continue;
      if (function.events[e].implicit) return EventId(none);
      if (e > lock.acquired && back == none) back = e;
    }
    return back;
  };
  if (!audit.held().is_busy(id)) return out;
  for (std::uint32_t block = 0; block < function.blocks.size(); ++block)
    for (const EventId e : function.blocks[block].events()) {
      const Locks& held = audit.held().at(id, e);
      if (held.empty()) continue;
      for (const Lock& lock : audit.held().open_at(id, e)) {
        if (lock.acquired == none || lock.acquired == e || !is_balanced_kind(lock) ||
            std::ranges::find(held, lock) == held.end() ||
            std::ranges::any_of(out, [&](const Leak& known) { return known.lock.what == lock.what; }))
          continue;
        if (!may_throw(audit, id, block, e, callees_looked_into)) continue;
        if (const EventId back = back_of(lock); back != none)
          out.push_back({.lock = lock, .leave = e, .given_back = back, .thrown = true});
      }
    }
  return out;
}

}  // namespace ftaudit::analysis
