#include "analysis/values.h"

#include <algorithm>
#include <iterator>

#include "analysis/numbered_steps.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

Values::Values(const Program& program, const Suspension& suspension, FunctionId id, Returned returned)
    : program_(program),
      suspension_(suspension),
      returned_(std::move(returned)),
      function_(program.function(id)),
      flow_(program.flow(id)),
      mentions_(function_.variables.size()),
      results_(function_.events.size()) {
  for (const EventId e : function_.events.ids()) {
    const Event& event = function_.events[e];
    const auto mention = [&](std::uint32_t place_id) {
      if (place_id == none) return;
      const Place& place = function_.places[place_id];
      std::vector<EventId>* list = place.root == Place::Root::variable ? &mentions_[place.variable]
                                   : place.root == Place::Root::call   ? &results_[place.call]
                                                                       : nullptr;
      if (list != nullptr && (list->empty() || list->back() != e)) list->push_back(e);
    };
    mention(event.place);
    if (event.kind == Event::Kind::write && event.place != none) {
      const Place& place = function_.places[event.place];
      if (place.root != Place::Root::variable || !place.steps.empty()) memory_writes_.push_back(e);
    }
    each_operand(event, [&](const Operand& operand) {
      mention(operand.place);
      if (operand.kind == Operand::Kind::call && results_.has(operand.event)) {
        std::vector<EventId>& list = results_[operand.event];
        if (list.empty() || list.back() != e) list.push_back(e);
      }
    });
  }
}

const Path* Values::result(EventId call) const {
  const Event& event = function_.events[call];
  if (!returned_ || !is_call(event) || event.callee_key.text.empty() || event.is_virtual) return nullptr;
  const FunctionId callee = program_.find(event.callee_key);
  return callee == none ? nullptr : returned_(callee);
}

std::uint32_t Values::local_of(const Operand& operand) const {
  if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) return none;
  const Place& place = function_.places[operand.place];
  return place.root == Place::Root::variable && place.steps.empty() ? place.variable : none;
}

bool Values::is_own_storage(const Place& place) const {
  if (place.root != Place::Root::variable || place.steps.empty() || place.steps[0].kind != model::Step::Kind::field)
    return false;
  if (function_.variables[place.variable].type.kind != model::Type::Kind::record) return false;
  const auto pointer = std::find_if(place.steps.begin(), place.steps.end(),
                                    [](const model::Step& step) { return step.kind == model::Step::Kind::deref; });
  if (pointer == place.steps.end()) return true;
  return std::any_of(mentions_[place.variable].begin(), mentions_[place.variable].end(), [&](EventId e) {
    const Event& event = function_.events[e];
    if (event.kind != Event::Kind::write || event.place == none) return false;
    const Place& written = function_.places[event.place];
    return written.root == Place::Root::variable && written.variable == place.variable && !written.steps.empty() &&
           std::equal(written.steps.begin(), written.steps.end(), place.steps.begin(), pointer);
  });
}

bool Values::mentions(EventId event, std::uint32_t variable) const {
  return std::binary_search(mentions_[variable].begin(), mentions_[variable].end(), event);
}

// The event gives the variable a new value: written, or handed out by its address.
bool Values::overwrites(const Event& event, std::uint32_t variable) const {
  if (event.kind == Event::Kind::write && event.place != none) {
    const Place& place = function_.places[event.place];
    if (place.root == Place::Root::variable && place.variable == variable && place.steps.empty()) return true;
  }
  if (is_call(event) || event.kind == Event::Kind::write)
    for (std::size_t i = 0; i < event.operands.size(); ++i) {
      const model::Type& type = function_.variables[variable].type;
      // Following a smart pointer leaves it as it is; so does looking through a view, or walking it.
      const bool views = capi::views_memory(type.record);
      const bool only_followed = (event.is_const_operand(i) && (views || type.record == "std::shared_ptr")) ||
                                 (views && event.kind == Event::Kind::write);
      if (event.operands[i].kind == Operand::Kind::address && local_of(event.operands[i]) == variable &&
          type.kind != model::Type::Kind::array && !only_followed)
        return true;
    }
  return false;
}

const std::vector<EventId>& Values::overwritten(std::uint32_t variable) const {
  if (overwritten_.empty()) overwritten_.resize(function_.variables.size());
  std::optional<std::vector<EventId>>& known = overwritten_[variable];
  if (!known) {
    known.emplace();
    for (EventId e : mentions_[variable])
      if (overwrites(function_.events[e], variable)) known->push_back(e);
  }
  return *known;
}

const std::vector<EventId>& Values::definitions(std::uint32_t variable, EventId at) const {
  static const std::vector<EventId> on_entry{none};
  if (function_.blocks.empty()) return on_entry;
  // Most variables are given a value once: what that event dominates has it.
  const std::vector<EventId>& given = overwritten(variable);
  if (given.empty()) return on_entry;
  if (given.size() == 1 && function_.events[given[0]].kind == Event::Kind::write) {
    const std::uint32_t there = flow_.block_of[given[0]], here = flow_.block_of[at];
    if (there == here ? given[0] < at : flow_.dominates(there, here)) return given;
  }
  const std::uint32_t block = flow_.block_of[at];
  const auto next = std::lower_bound(given.begin(), given.end(), at);
  if (next == given.begin() || next[-1] < function_.blocks[block].first) return entering(variable)[block];
  // All that stands behind the same event has what that one gives.
  const auto [known, is_new] = given_.try_emplace(std::uint64_t{variable} << 32 | next[-1].n);
  if (!is_new) return known->second;
  std::vector<EventId> found;
  bool settled = false;
  for (auto it = next; it != given.begin() && !settled;) {
    if (*--it < function_.blocks[block].first) break;
    found.push_back(*it);
    // Handing out the address may leave the old value: keep looking behind it.
    settled = function_.events[*it].kind == Event::Kind::write;
  }
  if (!settled) {
    const std::vector<EventId>& before = entering(variable)[block];
    found.insert(found.end(), before.begin(), before.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  leave_out_entry(variable, found);
  return known->second = std::move(found);
}

// A local has no value on entry.
void Values::leave_out_entry(std::uint32_t variable, std::vector<EventId>& given) const {
  if (!is_given(function_, variable) && given.size() > 1 && given.back() == none) given.pop_back();
}

// All blocks at once: a set goes along each edge until nothing is new. Few blocks say anything about one variable.
const std::vector<std::vector<EventId>>& Values::entering(std::uint32_t variable) const {
  const auto [known, is_new] = entering_.try_emplace(variable);
  std::vector<std::vector<EventId>>& in = known->second;
  if (!is_new) return in;
  struct Effect {
    std::vector<EventId> given;
    bool settles = false;
  };
  std::unordered_map<std::uint32_t, Effect> effects;
  for (EventId e : overwritten(variable)) {
    Effect& effect = effects[flow_.block_of[e]];
    if (function_.events[e].kind == Event::Kind::write) effect.given.clear(), effect.settles = true;
    effect.given.push_back(e);
  }
  in.resize(function_.blocks.size());
  in[0].push_back(none);
  std::vector<bool> stale(in.size(), true);
  const auto join = [](std::vector<EventId>& to, const std::vector<EventId>& from) {
    if (std::includes(to.begin(), to.end(), from.begin(), from.end())) return false;
    std::vector<EventId> both;
    std::set_union(to.begin(), to.end(), from.begin(), from.end(), std::back_inserter(both));
    to = std::move(both);
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t b = 0; b < in.size(); ++b) {
      if (!stale[b]) continue;
      stale[b] = false;
      const auto effect = effects.find(b);
      std::vector<EventId> out = effect != effects.end() && effect->second.settles ? std::vector<EventId>{} : in[b];
      if (effect != effects.end()) join(out, effect->second.given);
      for (std::uint32_t next : function_.blocks[b].successors)
        if (next != none && join(in[next], out)) stale[next] = true, changed |= next <= b;
    }
  }
  for (std::vector<EventId>& given : in) leave_out_entry(variable, given);
  return in;
}

// The same place, unless two numbers tell elements of an array apart.
static bool may_be_same(const Place& a, const Place& b) {
  return a.root == b.root && a.variable == b.variable && a.call == b.call &&
         std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                    [&](const model::Step& one, const model::Step& other) {
                      return one == other || (one.kind == model::Step::Kind::index && other.kind == one.kind &&
                                              !(is_numbered(one) && is_numbered(other)));
                    });
}

EventId Values::written_before(std::uint32_t place_id, EventId at) const {
  const auto [known, is_new] = writes_.try_emplace(place_id);
  std::vector<EventId>& writes = known->second;
  const Place& place = function_.places[place_id];
  if (is_new && (place.root == Place::Root::variable || place.root == Place::Root::call))
    for (const EventId e : place.root == Place::Root::variable ? mentions_[place.variable] : results_[place.call])
      if (const Event& event = function_.events[e]; event.kind == Event::Kind::write && event.place != none &&
                                                    !event.operands.empty() &&
                                                    may_be_same(function_.places[event.place], place))
        writes.push_back(e);
  const auto next = std::lower_bound(writes.begin(), writes.end(), at);
  if (next == writes.begin()) return none;
  const EventId last = next[-1];
  const bool same =
      function_.events[last].place == place_id &&
      std::all_of(place.steps.begin(), place.steps.end(), [&](const model::Step& step) {
        return step.kind != model::Step::Kind::index || element(step, last, true) == element(step, at, true);
      });
  return same ? last : none;
}

bool Values::reaches(EventId from, EventId to, std::uint32_t variable, EventId around) const {
  std::vector<bool> seen(function_.blocks.size(), false);
  std::vector<std::pair<std::uint32_t, EventId>> queue{{flow_.block_of[from], from + 1}};
  while (!queue.empty()) {
    const auto [block, first] = queue.back();
    queue.pop_back();
    bool cut = false;
    for (EventId e = first; e < function_.blocks[block].last && !cut; ++e) {
      if (e == to) return true;
      cut = e == around || (variable != none && function_.events[e].kind == Event::Kind::write &&
                            mentions(e, variable) && overwrites(function_.events[e], variable));
    }
    if (cut) continue;
    for (std::uint32_t next : function_.blocks[block].successors)
      if (next != none && !seen[next]) seen[next] = true, queue.emplace_back(next, function_.blocks[next].first);
  }
  return false;
}

void Values::each_condition(EventId at, const std::function<void(EventId, bool)>& visit) const {
  if (function_.blocks.empty()) return;
  const std::uint32_t here = flow_.block_of[at];
  for (std::uint32_t block = here; block != none;) {
    const std::uint32_t above = flow_.dominator[block];
    if (above == none || above == block) return;
    const model::Block& decider = function_.blocks[above];
    if (decider.condition != none && decider.successors.size() == 2 && decider.successors[0] != decider.successors[1])
      for (int side = 0; side < 2; ++side) {
        const std::uint32_t next = decider.successors[side];
        if (next != none && flow_.predecessors[next].size() == 1 && flow_.dominates(next, here))
          visit(decider.condition, side == 0);
      }
    block = above;
  }
}

}  // namespace ftaudit::analysis
