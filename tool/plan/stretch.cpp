#include "plan/stretch.h"

#include <algorithm>

namespace ftaudit::plan {
namespace {

using Blocks = std::vector<bool>;

class Search {
 public:
  Search(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& events, EventId made)
      : function_(audit.program().function(id)),
        flow_(audit.program().flow(id)),
        events_(events),
        made_(made),
        used_(function_.blocks.size(), false) {
    for (const EventId e : events) used_[flow_.block_of[e]] = true;
  }

  std::optional<Stretch> find() {
    const std::optional<std::uint32_t> top = beginning();
    if (!top) return std::nullopt;
    Stretch out;
    const auto first = std::ranges::find_if(events_, [&](EventId e) { return flow_.block_of[e] == *top; });
    if (first != events_.end()) out.first = line_start(*first);
    else out.behind = *top;
    // Blocks from which a use is still to come, without beginning anew.
    Blocks inside(used_.size(), false), ahead = leading_to_uses(*top);
    for (std::uint32_t b = 0; b < inside.size(); ++b) inside[b] = flow_.dominates(*top, b) && (ahead[b] || used_[b]);
    inside[*top] = true;
    for (std::uint32_t b = 0; b < inside.size(); ++b) {
      if (!inside[b]) continue;
      const auto goes_on = [&](std::uint32_t next) { return next != none && inside[next] && next != *top; };
      const std::vector<std::uint32_t>& next = function_.blocks[b].successors;
      if (std::ranges::none_of(next, goes_on)) {
        // The last of it: right behind the last use, wherever the block leads.
        EventId last = none;
        for (const EventId e : events_)
          if (flow_.block_of[e] == b) last = e;
        if (last == none) return std::nullopt;
        out.last.push_back(line_end(last));
        continue;
      }
      for (const std::uint32_t after : next)
        if (after != none && !goes_on(after) && !leave(b, after, inside, out)) return std::nullopt;
    }
    for (auto* blocks : {&out.before, &out.after}) {
      std::ranges::sort(*blocks);
      blocks->erase(std::ranges::unique(*blocks).begin(), blocks->end());
    }
    return out;
  }

 private:
  bool is_in_loop(std::uint32_t block) const { return reaches(block, block); }

  bool reaches(std::uint32_t from, std::uint32_t to) const {
    Blocks seen(used_.size(), false);
    std::vector<std::uint32_t> open{from};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const std::uint32_t next : function_.blocks[at].successors) {
        if (next == none) continue;
        if (next == to) return true;
        if (!seen[next]) seen[next] = true, open.push_back(next);
      }
    }
    return false;
  }

  std::optional<std::uint32_t> beginning() const {
    std::uint32_t top = flow_.block_of[*events_.begin()];
    for (const EventId e : events_)
      while (!flow_.dominates(top, flow_.block_of[e])) top = flow_.dominator[top];
    const std::uint32_t made = made_ == none ? 0 : flow_.block_of[made_];
    while (is_in_loop(top) && !(made_ != none && is_in_loop(made) && reaches(top, made) && reaches(made, top))) {
      if (flow_.dominator[top] == top) return std::nullopt;
      top = flow_.dominator[top];
    }
    if (made_ != none && !flow_.dominates(made, top)) return std::nullopt;
    // One use that comes before what the lock is of has nothing to do with it.
    if (made_ != none && *events_.begin() <= made_ && flow_.block_of[*events_.begin()] == made) return std::nullopt;
    return top;
  }

  Blocks leading_to_uses(std::uint32_t top) const {
    Blocks out(used_.size(), false);
    std::vector<std::uint32_t> open;
    for (std::uint32_t b = 0; b < used_.size(); ++b)
      if (used_[b]) open.push_back(b);
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (at == top) continue;
      for (const std::uint32_t before : flow_.predecessors[at])
        if (!out[before]) out[before] = true, open.push_back(before);
    }
    return out;
  }

  bool leave(std::uint32_t from, std::uint32_t to, const Blocks& inside, Stretch& out) const {
    if (std::ranges::all_of(flow_.predecessors[to], [&](std::uint32_t block) { return inside[block]; })) {
      out.before.push_back(to);
      return true;
    }
    std::size_t ways = 0;
    for (const std::uint32_t next : function_.blocks[from].successors) ways += next != none;
    if (ways > 1) return false;
    out.after.push_back(from);
    return true;
  }

  bool same_line(EventId a, EventId b) const {
    return function_.events[a].span.line == function_.events[b].span.line && flow_.block_of[a] == flow_.block_of[b];
  }
  EventId line_start(EventId e) const {
    while (e.n > 0 && same_line(e - 1, e) && e - 1 != made_) --e;
    return e;
  }
  EventId line_end(EventId e) const {
    while (function_.events.has(e + 1) && same_line(e, e + 1) && !function_.events[e + 1].implicit) ++e;
    return e;
  }

  const model::Function& function_;
  const analysis::Flow& flow_;
  const std::set<EventId>& events_;
  const EventId made_;
  Blocks used_;
};

}  // namespace

std::optional<Stretch> stretch_of(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& events,
                                  EventId made) {
  const analysis::Flow& flow = audit.program().flow(id);
  if (events.empty() || std::ranges::any_of(events, [&](EventId e) { return flow.block_of[e] == none; }) ||
      (made != none && flow.block_of[made] == none))
    return std::nullopt;
  return Search(audit, id, events, made).find();
}

std::set<EventId> events_in(const analysis::Audit& audit, FunctionId id, const Stretch& stretch) {
  const model::Function& function = audit.program().function(id);
  const analysis::Flow& flow = audit.program().flow(id);
  std::set<EventId> out;
  std::set<std::uint32_t> seen;
  // From `at` to the end of its block, or to where the stretch ends.
  std::vector<std::uint32_t> open;
  const auto walk = [&](std::uint32_t block, EventId at) {
    for (EventId e = at; e < function.blocks[block].last; ++e) {
      out.insert(e);
      if (std::ranges::find(stretch.last, e) != stretch.last.end()) return;
    }
    if (std::ranges::find(stretch.after, block) != stretch.after.end()) return;
    for (const std::uint32_t next : function.blocks[block].successors)
      if (next != none && std::ranges::find(stretch.before, next) == stretch.before.end() && seen.insert(next).second)
        open.push_back(next);
  };
  if (stretch.first != none) walk(flow.block_of[stretch.first], stretch.first);
  else walk(stretch.behind, function.blocks[stretch.behind].last);
  while (!open.empty()) {
    const std::uint32_t block = open.back();
    open.pop_back();
    walk(block, function.blocks[block].first);
  }
  return out;
}

}  // namespace ftaudit::plan
