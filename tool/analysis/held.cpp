#include "analysis/held.h"

#include <algorithm>

#include "analysis/lock_walk.h"
#include "analysis/locking_loops.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

Held::Held(const Program& program, const Suspension& suspension)
    : LockTerms(program, suspension),
      program_(program),
      suspension_(suspension),
      summaries_(program.facts.functions.size()),
      summary_known_(program.facts.functions.size(), 0),
      ways_(program.facts.functions.size()),
      entry_(program.facts.functions.size()) {}

Held::~Held() = default;

const Held::Way& Held::way(FunctionId id, const Locks& entry) const {
  std::string key;
  for (const Lock& lock : entry)
    key += lock.what + static_cast<char>('a' + static_cast<int>(lock.kind)) + (lock.shared ? "r|" : "|");
  const auto [it, is_new] = ways_[id].try_emplace(key);
  if (!is_new) return it->second;
  const std::size_t events = program_.function(id).events.size();
  Way& found = it->second;
  found.moments.resize(1), found.moment.resize(events, 0);  // nothing, where nobody gets
  found.endings = flow(id, entry, &found);
  for (Ending& ending : found.endings) std::erase_if(ending.open, is_claim);
  return found;
}

const Locks& Held::at(FunctionId id, EventId event) const {
  return is_busy(id) ? way(id, on_entry(id)).at(event).sure : on_entry(id);
}
const Locks& Held::open_at(FunctionId id, EventId event) const {
  return is_busy(id) ? way(id, on_entry(id)).at(event).open : on_entry(id);
}

const std::vector<Ending>& Held::endings(FunctionId id) const {
  static const std::vector<Ending> nothing;
  return is_busy(id) ? way(id, on_entry(id)).endings : nothing;
}

const std::vector<Misuse>& Held::misuses(FunctionId id) const {
  static const std::vector<Misuse> nothing;
  return is_busy(id) ? way(id, on_entry(id)).misuses : nothing;
}

const Locks& Held::on_entry(FunctionId id) const {
  if (!entry_[id]) entry_[id] = entered_ ? entered_(id) : Locks{};
  return *entry_[id];
}

const Held::Summary& Held::effects(FunctionId id) const {
  if (is_busy(id) && summary_known_[id] == 0) {
    summary_known_[id] = 1;
    summaries_[id] = summarised(flow(id, {}, nullptr));
    summary_known_[id] = 2;
  }
  return summaries_[id];
}

namespace {

// Ways out that differ only in what they need and return; more of them are thrown together.
constexpr std::size_t most_told_apart = 8;

// What both ways need, or leave.
std::vector<Need> common(const std::vector<Need>& a, const std::vector<Need>& b) {
  std::vector<Need> out;
  for (const Need& one : a)
    for (const Need& other : b)
      if (const auto both = one.place == other.place ? either(one.value, other.value) : std::nullopt)
        out.push_back({one.place, *both});
  return out;
}

}  // namespace

// What callers can name, once for each effect.
Held::Summary Held::summarised(const std::vector<Ending>& endings) const {
  Summary out;
  for (Ending ending : endings) {
    std::erase_if(ending.open, [](const Lock& lock) {
      const bool own = lock.what.starts_with("v") || lock.what.starts_with("&v") || lock.what.starts_with("c") ||
                       lock.what.starts_with("&c");
      if (lock.token == returned_guard || lock.token == held_before) return own;
      return own || (!lock.token.empty() && !lock.token.starts_with("p") && !lock.token.starts_with("g") &&
                     !lock.token.starts_with("&p") && !lock.token.starts_with("&g"));
    });
    ending.leave = none;
    const bool few = out.size() < most_told_apart;
    const auto same = std::find_if(out.begin(), out.end(), [&](const Ending& known) {
      return held_alike(known.open, ending.open) && known.released == ending.released &&
             known.returned == ending.returned &&
             (!few || (known.has_result == ending.has_result && known.result == ending.result &&
                       known.needs == ending.needs && known.leaves == ending.leaves));
    });
    if (same == out.end()) {
      out.push_back(std::move(ending));
      continue;
    }
    same->certain &= ending.certain;
    same->passed = common(same->passed, ending.passed);
    same->needs = common(same->needs, ending.needs);
    same->leaves = common(same->leaves, ending.leaves);
    const auto both = same->has_result && ending.has_result ? either(same->result, ending.result) : std::nullopt;
    same->has_result = both.has_value();
    if (both) same->result = *both;
  }
  return out;
}

bool throws(const model::Function& function, const model::Block& block) {
  if (block.first == block.last || block.successors.size() != 1 || block.successors[0] == none ||
      !function.blocks[block.successors[0]].successors.empty())
    return false;
  EventId at = block.last - 1;
  while (at > block.first && function.events[at].implicit) --at;  // destructors of temporaries, not of what is thrown
  for (EventId e = at + 1; e < block.last; ++e)
    if (!function.events[e].operands.empty() && function.events[e].operands[0].event == at) return false;
  const Event& last = function.events[at];
  if (last.kind != Event::Kind::call || last.operands.empty() || last.operands[0].kind != Operand::Kind::unknown)
    return false;
  const std::size_t colon = last.callee.rfind("::");
  if (colon == std::string::npos) return false;
  const std::string own = last.callee.substr(colon + 2), scope = last.callee.substr(0, colon);
  return scope == own || scope.ends_with("::" + own);
}

namespace {

// The same, down to where it was taken.
bool same(const Lock& a, const Lock& b) {
  return a == b && a.acquired == b.acquired && a.shared == b.shared && a.recursive == b.recursive &&
         a.detached == b.detached && a.flag == b.flag;
}

bool runs_off_the_end(const model::Function& function) {
  return function.result.spelling.empty() || function.result.spelling == "void" || function.is_constructor ||
         function.is_destructor;
}

}  // namespace

std::vector<Ending> Held::flow(FunctionId id, const Locks& entry, Way* record) const {
  const model::Function& function = program_.function(id);
  std::vector<Ending> out;
  if (function.blocks.empty()) return out;
  LockWalk walk(*this, [this](FunctionId callee) -> const Summary& { return effects(callee); }, program_, id);
  const std::vector<LockingLoop> loops = locking_loops(*this, program_, id);
  std::vector<std::vector<World>> in(function.blocks.size());
  in[0].push_back({.open = entry});
  std::vector<bool> news(function.blocks.size(), false);  // what comes in is more than when the block was walked
  news[0] = true;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
      const model::Block& block = function.blocks[b];
      if (!news[b]) continue;
      news[b] = false;
      std::vector<World> worlds = in[b];
      for (const EventId e : block.events()) worlds = walk.step(e, worlds);
      if (throws(function, block)) continue;
      for (std::size_t side = 0; side < block.successors.size(); ++side)
        for (const World& world : worlds) {
          if (block.successors[side] == none || leaves_out_locks(loops, b, block.successors[side], world)) continue;
          World next = world;
          if (block.condition != none && block.successors.size() == 2 && !walk.assume(next, block.condition, side == 0))
            continue;
          walk.pass_initialised(next, block, side);
          walk.conditions().choose(next, b);
          if (block.successors[side] <= b) walk.go_round(next, b, block.successors[side]);
          if (add(in[block.successors[side]], std::move(next))) news[block.successors[side]] = changed = true;
        }
    }
  }
  if (record != nullptr) walk.record(&record->misuses);
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    const model::Block& block = function.blocks[b];
    if (record == nullptr && !block.successors.empty()) continue;
    std::vector<World> worlds = in[b];
    for (const EventId e : block.events()) {
      const std::size_t known = record != nullptr ? record->misuses.size() : 0;
      if (record != nullptr) walk.leave_stuck(e, worlds), note(worlds, *record, e);
      std::vector<World> after = walk.step(e, worlds);
      for (std::size_t i = known; record != nullptr && i < record->misuses.size(); ++i)
        record->misuses[i].every_way = on_every_way(worlds, record->misuses[i]);
      worlds = std::move(after);
    }
    if (!block.successors.empty()) continue;
    for (const World& world : worlds) {
      if (world.leave == none && !runs_off_the_end(function)) continue;
      Ending ending{world.leave, world.open, world.released, world.returned, world.passed, world.certain, false, {},
                    {},          {}};
      for (const auto& [place, value] : world.entry.found())
        if (!place.starts_with('v')) ending.needs.push_back({place, value});
      if (function.has_this)
        for (const auto& [place, value] : world.entry.now())
          if (place.starts_with("p0*.")) ending.leaves.push_back({place, value});
      std::erase_if(ending.open, [](const Lock& lock) { return lock.acquired == none; });
      if (world.leave != none && !function.events[world.leave].operands.empty())
        ending.has_result = walk.conditions().value(world, function.events[world.leave].operands[0], ending.result);
      out.push_back(std::move(ending));
    }
  }
  return out;
}

void Held::note(const std::vector<World>& worlds, Way& way, EventId event) {
  if (worlds.empty()) return;
  Moment now;
  bool first = true;
  for (const World& world : worlds) {
    Locks here = held_in(world);
    Locks claims = world.open;
    std::erase_if(claims, [](const Lock& lock) { return !is_claim(lock); });
    if (first) now.sure = std::move(here), now.claims = std::move(claims), now.passed = world.passed;
    else {
      keep_common(now.sure, here);
      keep_common(now.claims, claims);
      now.passed = common(now.passed, world.passed);
    }
    first = false;
    for (const Lock& lock : world.open)
      if (!is_claim(lock) && std::find(now.open.begin(), now.open.end(), lock) == now.open.end())
        now.open.push_back(lock);
  }
  way.keep(event, std::move(now));
}

void Held::Way::keep(EventId event, Moment now) {
  const auto same_locks = [](const Locks& a, const Locks& b) { return std::ranges::equal(a, b, same); };
  const auto is_now = [&](const Moment& known) {
    return same_locks(known.sure, now.sure) && same_locks(known.open, now.open) &&
           same_locks(known.claims, now.claims) && known.passed == now.passed;
  };
  // The first is of those events that nobody gets to, and of no other.
  const auto known = std::find_if(moments.rbegin(), std::prev(moments.rend()), is_now);
  moment[event] = static_cast<std::uint32_t>(moments.rend() - known - 1);
  if (known != std::prev(moments.rend())) return;
  moment[event] = static_cast<std::uint32_t>(moments.size());
  moments.push_back(std::move(now));
}

bool Held::on_every_way(const std::vector<World>& worlds, const Misuse& misuse) {
  return std::all_of(worlds.begin(), worlds.end(), [&](const World& world) {
    return std::any_of(world.open.begin(), world.open.end(), [&](const Lock& lock) {
             return lock.what == misuse.lock.what && lock.kind == misuse.lock.kind;
           }) == misuse.twice;
  });
}

bool Held::interrupted_between(FunctionId id, const Lock& section, EventId from, EventId to) const {
  const model::Function& function = program_.function(id);
  const Flow& flow = program_.flow(id);
  std::vector<std::uint8_t> seen(function.blocks.size(), 0);  // bit 1: as it was, bit 2: interrupted
  struct Step {
    std::uint32_t block;
    EventId first;
    bool interrupted;
  };
  std::vector<Step> queue{{flow.block_of[from], from + 1, false}};
  while (!queue.empty()) {
    Step step = queue.back();
    queue.pop_back();
    bool open = true;
    for (EventId e = step.first; e < function.blocks[step.block].last && open; ++e) {
      if (e == to && step.interrupted) return true;
      const Locks& here = open_at(id, e);
      open = e != section.acquired && std::find(here.begin(), here.end(), section) != here.end();
      step.interrupted |= suspension_.event(function, function.events[e]);
    }
    for (std::uint32_t next : function.blocks[step.block].successors) {
      const std::uint8_t bit = step.interrupted ? 2 : 1;
      if (!open || next == none || (seen[next] & bit) != 0) continue;
      seen[next] |= bit;
      queue.push_back({next, function.blocks[next].first, step.interrupted});
    }
  }
  return false;
}

}  // namespace ftaudit::analysis
