#include "analysis/held.h"

#include <algorithm>

#include "analysis/lock_walk.h"
#include "analysis/views.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

bool lies_in(const std::string& place, const std::string& object) {
  if (object.empty() || !place.starts_with(object)) return false;
  if (place.size() == object.size()) return true;
  const char next = place[object.size()];
  return next == '*' || next == '.' || next == '[';
}

bool publishes(const Event& event) {
  return event.kind == Event::Kind::write && event.atomic && event.op == Event::Operator::assign &&
         event.order >= model::Order::release && !event.operands.empty() &&
         event.operands[0].kind == Operand::Kind::number && event.operands[0].number != 0;
}

Held::Held(const Program& program, const Suspension& suspension)
    : program_(program),
      suspension_(suspension),
      values_(program.facts.functions.size()),
      returned_(program.facts.functions.size()),
      returned_known_(program.facts.functions.size(), false),
      summaries_(program.facts.functions.size()),
      summary_known_(program.facts.functions.size(), 0),
      ways_(program.facts.functions.size()),
      entry_(program.facts.functions.size()),
      busy_(program.facts.functions.size(), false),
      claims_(program, suspension, [this](FunctionId id) -> const Values& { return values(id); }) {
  find_busy();
}

Held::~Held() = default;

void Held::find_busy() {
  std::vector<FunctionId> news;
  for (FunctionId id = 0; id < busy_.size(); ++id) {
    const std::vector<Event>& events = program_.function(id).events;
    busy_[id] = std::any_of(events.begin(), events.end(), [&](const Event& event) {
      return (is_call(event) && (program_.lock_call(event.callee) != nullptr ||
                                 capi::thread_call(event.callee) != nullptr || capi::runs_once(event.callee))) ||
             publishes(event) || (event.once && is_call(event)) ||
             (event.kind == Event::Kind::read && event.atomic && event.order != model::Order::relaxed);
    });
    busy_[id] = busy_[id] || !claims_.in(id).empty();
    if (busy_[id]) news.push_back(id);
  }
  while (!news.empty()) {
    const FunctionId id = news.back();
    news.pop_back();
    for (const Edge& edge : program_.calls_to(id))
      if (!edge.mention && !busy_[edge.from]) busy_[edge.from] = true, news.push_back(edge.from);
  }
}

const Values& Held::values(FunctionId id) const {
  if (values_[id] == nullptr)
    values_[id] =
        std::make_unique<Values>(program_, suspension_, id, [this](FunctionId callee) { return returned(callee); });
  return *values_[id];
}

const Path* Held::returned(FunctionId id) const {
  if (returned_known_[id]) return returned_[id].get();
  returned_known_[id] = true;  // asked again on the way (recursion): nothing
  const model::Function& function = program_.function(id);
  if (function.result.kind == model::Type::Kind::scalar) return nullptr;
  std::optional<Path> found;
  for (EventId e = 0; e < function.events.size(); ++e) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::leave || event.operands.empty()) continue;
    const Operand& value = event.operands[0];
    if (value.kind == Operand::Kind::null || (value.kind == Operand::Kind::number && value.number == 0)) continue;
    Path path = path_of(function, values(id), value, e);
    const bool named = path.root == Path::Root::global || path.root == Path::Root::parameter;
    if (!named || (found && (found->text() != path.text() || found->is_address != path.is_address))) return nullptr;
    found = std::move(path);
  }
  if (found) found->at = none, returned_[id] = std::make_unique<Path>(std::move(*found));
  return returned_[id].get();
}

const Held::Way& Held::way(FunctionId id, const Locks& entry) const {
  std::string key;
  for (const Lock& lock : entry)
    key += lock.what + static_cast<char>('a' + static_cast<int>(lock.kind)) + (lock.shared ? "r|" : "|");
  const auto [it, is_new] = ways_[id].try_emplace(key);
  if (!is_new) return it->second;
  const std::size_t events = program_.function(id).events.size();
  Way& found = it->second;
  found.sure.resize(events), found.open.resize(events), found.passed.resize(events), found.claims.resize(events);
  found.endings = flow(id, entry, &found);
  for (Ending& ending : found.endings) std::erase_if(ending.open, is_claim);
  return found;
}

std::string Held::initialised_by(FunctionId id, EventId at) const {
  const Event& event = program_.function(id).events[at];
  if (!event.once || !is_call(event) || event.operands.empty()) return {};
  const std::string object = values(id).identity(event.operands[0], at);
  return object.starts_with("&g") ? object : std::string();
}

const Locks& Held::at(FunctionId id, EventId event) const {
  return busy_[id] ? way(id, on_entry(id)).sure[event] : on_entry(id);
}
const Locks& Held::open_at(FunctionId id, EventId event) const {
  return busy_[id] ? way(id, on_entry(id)).open[event] : on_entry(id);
}

const std::vector<Ending>& Held::endings(FunctionId id) const {
  static const std::vector<Ending> nothing;
  return busy_[id] ? way(id, on_entry(id)).endings : nothing;
}

const std::vector<Misuse>& Held::misuses(FunctionId id) const {
  static const std::vector<Misuse> nothing;
  return busy_[id] ? way(id, on_entry(id)).misuses : nothing;
}

const Locks& Held::on_entry(FunctionId id) const {
  if (!entry_[id]) entry_[id] = views_ == nullptr ? Locks{} : views_->common_locks(id);
  return *entry_[id];
}

// The callee's parameters in our terms: p0 -> our operand 0.
std::string Held::in_caller(FunctionId caller, EventId call, const std::string& identity) const {
  const bool address = identity.starts_with("&");
  const std::string place = address ? identity.substr(1) : identity;
  if (!place.starts_with("p")) return place.starts_with("g") ? identity : std::string();
  const std::size_t digits = place.find_first_not_of("0123456789", 1);
  const std::vector<Operand>& operands = program_.function(caller).events[call].operands;
  const std::size_t index = std::stoul(place.substr(1, digits - 1));
  std::string argument = index < operands.size() ? values(caller).identity(operands[index], call) : "";
  std::string rest = digits == std::string::npos ? "" : place.substr(digits);
  if (argument.empty()) return argument;
  if (argument.starts_with("&") && rest.starts_with("*")) argument.erase(0, 1), rest.erase(0, 1);
  return (address ? "&" : "") + argument + rest;
}

Locks Held::taken_by(FunctionId id, EventId at_event) const {
  const model::Function& function = program_.function(id);
  const Event& event = function.events[at_event];
  const LockCall* call = program_.lock_call(event.callee);
  if (call == nullptr || call->does == LockCall::Does::release) return {};
  const Values& here = values(id);
  const auto identity = [&](const Event& of, EventId where, int index) {
    return index >= 0 && index < static_cast<int>(of.operands.size())
               ? here.identity(of.operands[static_cast<std::size_t>(index)], where)
               : std::string();
  };
  Lock lock{"?", identity(event, at_event, call->token), call->kind, at_event, call->shared, false};
  if (lock.token.empty() && call->token >= 0 && call->lock >= 1) lock.token = "c" + std::to_string(at_event);
  const Event* names = &event;  // the call that names the mutex: for guard.lock() that is the guard's constructor
  EventId where = at_event;
  const LockCall* by = call;
  if (call->lock < 0)
    for (EventId e = 0; e < at_event; ++e) {
      const LockCall* made = program_.lock_call(function.events[e].callee);
      if (made != nullptr && made->lock >= 0 && made->token >= 0 &&
          identity(function.events[e], e, made->token) == lock.token)
        names = &function.events[e], where = e, by = made;
    }
  const auto is_recursive = [&](const Operand& operand) {
    return operand.place != none && function.places[operand.place].type.record.find("recursive") != std::string::npos;
  };
  Locks out;
  const int last = by->second_lock < 0 ? by->lock : static_cast<int>(names->operands.size()) - 1;
  for (int index = by->lock; index >= 0 && index <= last; ++index) {
    lock.what = identity(*names, where, index);
    if (lock.what.empty() && index > by->lock) continue;
    if (lock.what.empty()) lock.what = "?";  // a guard made without its mutex being nameable still locks something
    lock.recursive = (call->shared && capi::readers_nest(names->callee)) ||
                     names->callee.find("recursive") != std::string::npos ||
                     names->callee.find("_nest_") != std::string::npos || names->callee == "EnterCriticalSection" ||
                     (index < static_cast<int>(names->operands.size()) &&
                      is_recursive(names->operands[static_cast<std::size_t>(index)]));
    if (std::find(out.begin(), out.end(), lock) == out.end()) out.push_back(lock);
  }
  if (out.empty()) out.push_back(lock);
  return out;
}

const Held::Summary& Held::effects(FunctionId id) const {
  if (busy_[id] && summary_known_[id] == 0) {
    summary_known_[id] = 1;
    summaries_[id] = summarised(flow(id, {}, nullptr));
    summary_known_[id] = 2;
  }
  return summaries_[id];
}

// What callers can name, once for each effect.
Held::Summary Held::summarised(const std::vector<Ending>& endings) const {
  Summary out;
  for (Ending ending : endings) {
    std::erase_if(ending.open, [](const Lock& lock) {
      const bool own = lock.what.starts_with("v") || lock.what.starts_with("&v") || lock.what.starts_with("c") ||
                       lock.what.starts_with("&c");
      if (lock.token == returned_guard) return own;
      return own || (!lock.token.empty() && !lock.token.starts_with("p") && !lock.token.starts_with("g") &&
                     !lock.token.starts_with("&p") && !lock.token.starts_with("&g"));
    });
    ending.leave = none;
    const auto same = std::find_if(out.begin(), out.end(), [&](const Ending& known) {
      return known.open == ending.open && known.released == ending.released && known.returned == ending.returned;
    });
    if (same == out.end()) {
      out.push_back(std::move(ending));
      continue;
    }
    same->certain &= ending.certain;
    same->passed = common(same->passed, ending.passed);
    if (same->has_result && ending.has_result && same->result == ending.result) continue;
    const auto is_not_zero = [](const Ending& one) {
      return one.has_result && (one.result.equal ? one.result.number != 0 : one.result.number == 0);
    };
    same->has_result = is_not_zero(*same) && is_not_zero(ending);
    same->result = {false, 0};
  }
  return out;
}

bool throws(const model::Function& function, const model::Block& block) {
  if (block.first == block.last || block.successors.size() != 1 || block.successors[0] == none ||
      !function.blocks[block.successors[0]].successors.empty())
    return false;
  const Event& last = function.events[block.last - 1];
  if (last.kind != Event::Kind::call || last.operands.empty() || last.operands[0].kind != Operand::Kind::unknown)
    return false;
  const std::size_t colon = last.callee.rfind("::");
  if (colon == std::string::npos) return false;
  const std::string own = last.callee.substr(colon + 2), scope = last.callee.substr(0, colon);
  return scope == own || scope.ends_with("::" + own);
}

namespace {

bool runs_off_the_end(const model::Function& function) {
  return function.result.spelling.empty() || function.result.spelling == "void" || function.is_constructor ||
         function.is_destructor;
}

}  // namespace

std::vector<Ending> Held::flow(FunctionId id, const Locks& entry, Way* record) const {
  const model::Function& function = program_.function(id);
  std::vector<Ending> out;
  if (function.blocks.empty()) return out;
  LockWalk walk(*this, program_, id);
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
      for (EventId e = block.first; e < block.last; ++e) worlds = walk.step(e, worlds);
      if (throws(function, block)) continue;
      for (std::size_t side = 0; side < block.successors.size(); ++side)
        for (const World& world : worlds) {
          if (block.successors[side] == none) continue;
          World next = world;
          if (block.condition != none && block.successors.size() == 2 && !walk.assume(next, block.condition, side == 0))
            continue;
          walk.pass_initialised(next, block, side);
          if (block.successors[side] <= b) walk.conditions().forget_memory(next);
          if (add(in[block.successors[side]], std::move(next))) news[block.successors[side]] = changed = true;
        }
    }
  }
  if (record != nullptr) walk.record(&record->misuses);
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    const model::Block& block = function.blocks[b];
    if (record == nullptr && !block.successors.empty()) continue;
    std::vector<World> worlds = in[b];
    for (EventId e = block.first; e < block.last; ++e) {
      const std::size_t known = record != nullptr ? record->misuses.size() : 0;
      if (record != nullptr) note(worlds, *record, e);
      std::vector<World> after = walk.step(e, worlds);
      for (std::size_t i = known; record != nullptr && i < record->misuses.size(); ++i)
        record->misuses[i].every_way = on_every_way(worlds, record->misuses[i]);
      worlds = std::move(after);
    }
    if (!block.successors.empty()) continue;
    for (const World& world : worlds) {
      if (world.leave == none && !runs_off_the_end(function)) continue;
      Ending ending{world.leave, world.open, world.released, world.returned, world.passed, world.certain, false, {}};
      std::erase_if(ending.open, [](const Lock& lock) { return lock.acquired == none; });
      if (world.leave != none && !function.events[world.leave].operands.empty())
        ending.has_result = walk.conditions().value(world, function.events[world.leave].operands[0], ending.result);
      out.push_back(std::move(ending));
    }
  }
  return out;
}

void Held::note(const std::vector<World>& worlds, Way& way, EventId event) {
  Locks &sure = way.sure[event], &open = way.open[event];
  bool first = true;
  for (const World& world : worlds) {
    Locks here = held_in(world);
    Locks claims = world.open;
    std::erase_if(claims, [](const Lock& lock) { return !is_claim(lock); });
    if (first) sure = std::move(here), way.claims[event] = std::move(claims), way.passed[event] = world.passed;
    else {
      std::erase_if(sure, [&](const Lock& lock) { return std::find(here.begin(), here.end(), lock) == here.end(); });
      std::erase_if(way.claims[event],
                    [&](const Lock& lock) { return std::find(claims.begin(), claims.end(), lock) == claims.end(); });
      way.passed[event] = common(way.passed[event], world.passed);
    }
    first = false;
    for (const Lock& lock : world.open)
      if (!is_claim(lock) && std::find(open.begin(), open.end(), lock) == open.end()) open.push_back(lock);
  }
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
