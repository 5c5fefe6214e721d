#include "analysis/sections.h"

#include <algorithm>

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Function;

namespace {

// One section of one function: its Begin, its Ends, and the ways between.
class Section {
 public:
  Section(const Audit& audit, FunctionId id, const Lock& lock) : audit_(audit), id_(id), function_(audit.program().function(id)), begin_(lock.acquired) {
    for (EventId e = 0; e < function_.events.size(); ++e) {
      const LockCall* call = capi::lock_call(function_.events[e].callee);
      if (call == nullptr || call->does != LockCall::Does::release || call->token < 0 || call->kind != LockCall::Kind::critical_section) continue;
      if (static_cast<int>(function_.events[e].operands.size()) > call->token && audit.values(id).identity(function_.events[e].operands[static_cast<std::size_t>(call->token)], e) == lock.token) ends_.push_back(e);
    }
  }

  std::vector<WayOut> ways_out() const {
    if (ends_.empty()) return {{WayOut::How::never_ended, begin_, begin_}};
    std::vector<WayOut> out;
    std::vector<std::pair<std::uint32_t, EventId>> queue{{audit_.program().flow(id_).block_of[begin_], begin_}};  // block, last thing done inside
    std::vector<bool> seen(function_.blocks.size(), false);
    while (!queue.empty()) {
      auto [block, inside] = queue.back();
      queue.pop_back();
      walk(block, block == queue_start() && inside == begin_ ? begin_ + 1 : function_.blocks[block].first, inside, out, queue, seen);
    }
    return out;
  }

 private:
  std::uint32_t queue_start() const { return audit_.program().flow(id_).block_of[begin_]; }

  void walk(std::uint32_t at, EventId first, EventId inside, std::vector<WayOut>& out, std::vector<std::pair<std::uint32_t, EventId>>& queue, std::vector<bool>& seen) const {
    const model::Block& block = function_.blocks[at];
    const auto leave = [&](WayOut::How how, EventId where) {
      if (std::none_of(out.begin(), out.end(), [&](const WayOut& known) { return known.at == where; })) out.push_back({how, where, begin_});
    };
    for (EventId e = first; e < block.last; ++e) {
      const Event& event = function_.events[e];
      if (std::find(ends_.begin(), ends_.end(), e) != ends_.end()) return;
      if (is_call(event) && capi::never_returns(event.callee)) return;
      if (e == begin_) return leave(WayOut::How::restarted, inside);
      if (!lies_inside(event)) return leave(WayOut::How::jumped, inside);
      if (event.kind == Event::Kind::leave) return leave(WayOut::How::returned, e);
      if (!event.implicit) inside = e;
    }
    if (throws(function_, block)) return leave(WayOut::How::thrown, block.last - 1);
    if (block.successors.empty() && (function_.result.spelling == "void" || function_.is_constructor)) leave(WayOut::How::jumped, inside);
    for (std::uint32_t next : block.successors)
      if (next != none && !seen[next]) seen[next] = true, queue.emplace_back(next, inside);
  }

  bool lies_inside(const Event& event) const {
    const std::uint32_t line = event.span.line, last = function_.events[ends_.back()].span.line;
    return line == 0 || (line >= function_.events[begin_].span.line && line <= last);
  }

  const Audit& audit_;
  FunctionId id_;
  const Function& function_;
  EventId begin_;
  std::vector<EventId> ends_;
};

}  // namespace

std::vector<WayOut> ways_out(const Audit& audit, FunctionId id) {
  std::vector<WayOut> out;
  const Held& held = audit.held();
  const Function& function = audit.program().function(id);
  // Opened here, by hand: a guard ends its section itself, and a section kept in a field is ended elsewhere.
  const auto look_at = [&](const Lock& lock, EventId begin) {
    if (!is_section(lock) || begin == none || !lock.token.starts_with("&v") || function.events[begin].callee.find("::") != std::string::npos) return;
    if (capi::lock_call(function.events[begin].callee) == nullptr || std::any_of(out.begin(), out.end(), [&](const WayOut& way) { return way.begin == begin; })) return;
    Lock section = lock;
    section.acquired = begin;
    for (const WayOut& way : Section(audit, id, section).ways_out()) out.push_back(way);
  };
  for (const Ending& ending : held.endings(id))
    if (ending.certain)
      for (const Lock& lock : ending.open) look_at(lock, lock.acquired);
  for (const Misuse& misuse : held.misuses(id))
    if (misuse.twice) look_at(misuse.lock, misuse.event);
  for (const model::Block& block : function.blocks)
    if (throws(function, block))
      for (const Lock& lock : held.open_at(id, block.last - 1)) look_at(lock, lock.acquired);
  std::sort(out.begin(), out.end(), [](const WayOut& a, const WayOut& b) { return a.at < b.at; });
  return out;
}

}  // namespace ftaudit::analysis
