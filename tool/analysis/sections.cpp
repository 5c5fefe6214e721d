#include "analysis/sections.h"

#include <algorithm>

#include "capi/records.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Function;
using model::Operand;

namespace {

// One section of one function: its Begin, its Ends, and the ways between.
class Section {
 public:
  Section(const Audit& audit, FunctionId id, const Lock& lock)
      : audit_(audit), id_(id), function_(audit.program().function(id)), begin_(lock.acquired) {
    for (const EventId e : function_.events.ids()) {
      const LockCall* call = audit.program().lock_call(function_.events[e].callee);
      if (call == nullptr || call->does != LockCall::Does::release || call->token < 0 ||
          call->kind != LockCall::Kind::critical_section)
        continue;
      if (static_cast<int>(function_.events[e].operands.size()) > call->token &&
          audit.values(id).identity(function_.events[e].operands[static_cast<std::size_t>(call->token)], e) ==
              lock.token)
        ends_.push_back(e);
    }
  }

  std::vector<WayOut> ways_out() const {
    if (ends_.empty()) return {{WayOut::How::never_ended, begin_, begin_}};
    std::vector<WayOut> out;
    std::vector<std::pair<std::uint32_t, EventId>> queue{
        {audit_.program().flow(id_).block_of[begin_], begin_}};  // block, last thing done inside
    std::vector<bool> seen(function_.blocks.size(), false);
    while (!queue.empty()) {
      auto [block, inside] = queue.back();
      queue.pop_back();
      walk(block, block == queue_start() && inside == begin_ ? begin_ + 1 : function_.blocks[block].first, inside, out,
           queue, seen);
    }
    return out;
  }

 private:
  std::uint32_t queue_start() const { return audit_.program().flow(id_).block_of[begin_]; }

  void walk(std::uint32_t at, EventId first, EventId inside, std::vector<WayOut>& out,
            std::vector<std::pair<std::uint32_t, EventId>>& queue, std::vector<bool>& seen) const {
    const model::Block& block = function_.blocks[at];
    const auto leave = [&](WayOut::How how, EventId where) {
      if (std::none_of(out.begin(), out.end(), [&](const WayOut& known) { return known.at == where; }))
        out.push_back({how, where, begin_});
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
    if (block.successors.empty() && (function_.result.spelling == "void" || function_.is_constructor))
      leave(WayOut::How::jumped, inside);
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
    if (!is_section(lock) || begin == none || !lock.token.starts_with("&v") ||
        function.events[begin].callee.find("::") != std::string::npos)
      return;
    if (audit.program().lock_call(function.events[begin].callee) == nullptr ||
        std::any_of(out.begin(), out.end(), [&](const WayOut& way) { return way.begin == begin; }))
      return;
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

namespace {

// The object that a section is on, as identities of what hangs off it begin: "p0" for a section on p0 or on &p0->mu.
std::string object_of(const std::string& what) {
  return what.starts_with("&") ? what.substr(1, what.find_first_of("*.") - 1) : what;
}

// The event touches memory of the object, behind the pointer; its header, and its type, do not count.
bool touches(const Audit& audit, FunctionId id, EventId at, const std::string& object) {
  const Function& function = audit.program().function(id);
  const Event& event = function.events[at];
  if ((event.kind != Event::Kind::read && event.kind != Event::Kind::write) || event.place == none || event.atomic)
    return false;
  const model::Place& place = function.places[event.place];
  if (place.steps.empty() || place.type.is_const ||
      std::any_of(place.steps.begin(), place.steps.end(), [](const model::Step& step) {
        const capi::Record record = capi::record_named(step.record);
        return record == capi::Record::object || record == capi::Record::type_object;
      }))
    return false;
  const std::string identity = audit.values(id).identity(place, at);
  return identity != object && lies_in(identity, object);
}

}  // namespace

std::vector<Nesting> nestings(const Audit& audit, FunctionId id) {
  std::vector<Nesting> out;
  const Held& held = audit.held();
  const Function& function = audit.program().function(id);
  for (const EventId inner : function.events.ids()) {
    Locks taken = held.taken_by(id, inner);
    // The constructor of a guard of the project's own takes it.
    if (taken.empty() && is_call(function.events[inner]) && function.events.has(inner + 1))
      for (const Lock& lock : held.open_at(id, inner + 1))
        if (lock.acquired == inner) taken.push_back(lock);
    if (taken.empty() || !is_section(taken[0])) continue;
    for (const Lock& outer : held.open_at(id, inner)) {
      if (!is_section(outer) || outer.what == "?" || outer.acquired == inner) continue;
      if (std::any_of(taken.begin(), taken.end(), [&](const Lock& lock) {
            return lock.what == outer.what || lock.what == "?" || (!lock.token.empty() && lock.token == outer.token);
          }))
        continue;
      const std::string object = object_of(outer.what);
      for (const EventId use : function.events.ids(inner + 1)) {
        const Locks& open = held.open_at(id, use);
        const auto is_open = [&](const Lock& wanted) {
          return std::find(open.begin(), open.end(), wanted) != open.end();
        };
        if (!is_open(outer) || !is_open(taken[0]) || !touches(audit, id, use, object) ||
            !audit.values(id).reaches(inner, use, none))
          continue;
        // Under the inner section by rights: it hangs off the inner object, or only names it (a list in a member).
        const std::string used = audit.values(id).identity(function.places[function.events[use].place], use);
        if (std::any_of(taken.begin(), taken.end(), [&](const Lock& lock) {
              return lies_in(used, lock.what.starts_with("&") ? object_of(lock.what) : lock.what);
            }))
          continue;
        out.push_back({inner, outer.acquired, outer, use});
        break;
      }
    }
  }
  return out;
}

namespace {

// The use relies on what was read: it decides what is written to the object, or where.
bool relies(const Audit& audit, FunctionId id, const Use& use, const std::string& object) {
  return use.kind == Use::Kind::stored && touches(audit, id, use.event, object);
}

// Something on the way from the call to the use looks at the place again.
bool read_again(const Audit& audit, FunctionId id, EventId read, EventId call, EventId use) {
  const Function& function = audit.program().function(id);
  for (EventId e = call + 1; e < use; ++e)
    if (function.events[e].kind == Event::Kind::read && function.events[e].place == function.events[read].place &&
        audit.values(id).reaches(call, e, none) && audit.values(id).reaches(e, use, none))
      return true;
  return false;
}

EventId interruption(const Audit& audit, FunctionId id, EventId from, EventId to) {
  const Function& function = audit.program().function(id);
  for (EventId e = from + 1; e < to; ++e)
    if (audit.suspension().event(function, function.events[e]) && audit.values(id).reaches(from, e, none) &&
        audit.values(id).reaches(e, to, none))
      return e;
  return none;
}

}  // namespace

std::vector<Stale> stale_uses(const Audit& audit, FunctionId id) {
  std::vector<Stale> out;
  const Held& held = audit.held();
  const Function& function = audit.program().function(id);
  for (EventId read; function.events.has(read + 1); ++read) {
    if (function.events[read].kind != Event::Kind::read) continue;
    for (const Lock& section : held.at(id, read)) {
      if (!is_section(section) || section.acquired == none || !touches(audit, id, read, object_of(section.what)))
        continue;
      // Kept in a local: a value used at once has no time to go stale.
      const Event& kept = function.events[read + 1];
      if (kept.kind != Event::Kind::write || kept.operands.empty() || kept.place == none) continue;
      const model::Place& local = function.places[kept.place];
      const Operand& value = kept.operands[0];
      bool flows = false;
      each_operand(value, [&](const Operand& part) {
        flows |= part.kind == Operand::Kind::place && part.place == function.events[read].place;
      });
      if (!flows || local.root != model::Place::Root::variable || !local.steps.empty()) continue;
      for (const Use& use : audit.values(id).uses(read + 1, local.variable)) {
        if (!use.suspended || !relies(audit, id, use, object_of(section.what)) ||
            !held.interrupted_between(id, section, read, use.event))
          continue;
        const EventId call = interruption(audit, id, read, use.event);
        if (call == none || read_again(audit, id, read, call, use.event)) continue;
        if (std::none_of(out.begin(), out.end(), [&](const Stale& known) { return known.read == read; }))
          out.push_back({read, call, use.event, section});
      }
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
