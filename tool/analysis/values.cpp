#include "analysis/values.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "analysis/path.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int identity_depth = 6;  // copies looked through

}  // namespace

Use::Kind kind_of_use(const std::string& callee) {
  static const std::set<std::string, std::less<>> counted{"Py_INCREF",
                                                          "Py_XINCREF",
                                                          "Py_IncRef",
                                                          "Py_NewRef",
                                                          "Py_XNewRef",
                                                          "Py_BuildValue",
                                                          "PyTuple_Pack",
                                                          "pybind11::reinterpret_borrow",
                                                          "nanobind::borrow",
                                                          "pybind11::handle::inc_ref",
                                                          "nanobind::handle::inc_ref"};
  static const std::set<std::string, std::less<>> released{"Py_DECREF", "Py_XDECREF", "Py_DecRef", "Py_CLEAR"};
  static const std::set<std::string, std::less<>> tested{"Py_Is", "Py_IsNone", "Py_IsTrue", "Py_IsFalse"};
  if (counted.contains(callee)) return Use::Kind::counted;
  if (released.contains(callee)) return Use::Kind::released;
  if (tested.contains(callee)) return Use::Kind::tested;
  return Use::Kind::passed;
}

Values::Values(const Program& program, const Suspension& suspension, FunctionId id, Returned returned)
    : program_(program),
      suspension_(suspension),
      returned_(std::move(returned)),
      function_(program.function(id)),
      flow_(program.flow(id)),
      mentions_(function_.variables.size()),
      results_(function_.events.size()) {
  for (EventId e = 0; e < function_.events.size(); ++e) {
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
    each_operand(event, [&](const Operand& operand) {
      mention(operand.place);
      if (operand.kind == Operand::Kind::call && operand.event < results_.size()) {
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
    for (const Operand& operand : event.operands)
      if (operand.kind == Operand::Kind::address && local_of(operand) == variable &&
          function_.variables[variable].type.kind != model::Type::Kind::array)
        return true;
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
  const auto [known, is_new] = given_.try_emplace(std::uint64_t{variable} << 32 | next[-1]);
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
  if (variable >= function_.parameters && given.size() > 1 && given.back() == none) given.pop_back();
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

EventId Values::written_before(std::uint32_t place_id, EventId at) const {
  const auto [known, is_new] = writes_.try_emplace(place_id);
  std::vector<EventId>& writes = known->second;
  const Place& place = function_.places[place_id];
  if (is_new && (place.root == Place::Root::variable || place.root == Place::Root::call))
    for (const EventId e : place.root == Place::Root::variable ? mentions_[place.variable] : results_[place.call])
      if (const Event& event = function_.events[e];
          event.kind == Event::Kind::write && event.place == place_id && !event.operands.empty())
        writes.push_back(e);
  const auto next = std::lower_bound(writes.begin(), writes.end(), at);
  return next == writes.begin() ? none : next[-1];
}

void Values::classify(EventId at, const IsIt& is_it, bool suspended, std::vector<Use>& uses,
                      std::vector<Copy>& copies) const {
  const Event& event = function_.events[at];
  const auto any = [&](const Operand& operand) {
    bool yes = false;
    each_operand(operand, [&](const Operand& part) { yes |= is_it(part); });
    return yes;
  };
  switch (event.kind) {
    case Event::Kind::call:
    case Event::Kind::acquire:
    case Event::Kind::release:
      // A handle around the value is the value: in the variable that it makes, or as a temporary.
      if (capi::wraps(event.callee) && event.operands.size() > 1 && any(event.operands[1])) {
        if (const std::uint32_t variable = local_of(event.operands[0]); variable != none)
          copies.push_back({variable, at, suspended});
        const IsIt wrapped = [at](const Operand& operand) {
          return operand.kind == Operand::Kind::call && operand.event == at;
        };
        for (EventId next : results_[at])
          if (next > at) classify(next, wrapped, suspended, uses, copies);
        break;
      }
      for (std::size_t i = 0; i < event.operands.size(); ++i)
        if (any(event.operands[i])) uses.push_back({kind_of_use(event.callee), at, static_cast<int>(i), suspended});
      if (any(event.target)) uses.push_back({Use::Kind::followed, at, -1, suspended});
      break;
    case Event::Kind::write:
      if (!event.operands.empty() && any(event.operands[0])) {
        const Place& place = function_.places[event.place];
        if (place.root == Place::Root::variable && place.steps.empty() &&
            function_.variables[place.variable].storage != model::Storage::captured)
          copies.push_back({place.variable, at, suspended});
        else uses.push_back({Use::Kind::stored, at, -1, suspended});
      }
      break;
    case Event::Kind::compare:
      for (const Operand& operand : event.operands)
        if (any(operand)) uses.push_back({Use::Kind::tested, at, -1, suspended});
      break;
    case Event::Kind::leave:
      for (const Operand& operand : event.operands)
        if (any(operand)) uses.push_back({Use::Kind::returned, at, -1, suspended});
      break;
    case Event::Kind::read: break;
  }
}

void Values::walk(const Copy& start, bool until_owned, std::vector<Use>& uses, std::vector<Copy>& copies) const {
  const std::uint32_t variable = start.variable;
  const IsIt is_it = [&](const Operand& operand) {
    return operand.kind == Operand::Kind::place && local_of(operand) == variable;
  };
  // Walked at most twice: once fresh, once after a suspension.
  std::vector<std::uint8_t> seen(function_.blocks.size(), 0);
  std::vector<std::pair<std::uint32_t, bool>> queue;
  const auto scan = [&](std::uint32_t block, EventId from, bool suspended) {
    for (EventId e = from; e < function_.blocks[block].last; ++e) {
      const Event& event = function_.events[e];
      if (mentions(e, variable)) {
        if (event.place != none) {
          const Place& place = function_.places[event.place];
          if (place.root == Place::Root::variable && place.variable == variable && !place.steps.empty())
            uses.push_back({Use::Kind::followed, e, -1, suspended});
        }
        const std::size_t before = uses.size();
        classify(e, is_it, suspended, uses, copies);
        if (overwrites(event, variable)) return;
        if (until_owned && std::any_of(uses.begin() + static_cast<std::ptrdiff_t>(before), uses.end(),
                                       [](const Use& use) { return use.kind == Use::Kind::counted; }))
          return;
      }
      suspended |= suspension_.event(function_, event);
    }
    for (std::uint32_t next : function_.blocks[block].successors) {
      const std::uint8_t bit = suspended ? 2 : 1;
      if (next == none || (seen[next] & (bit | 2)) != 0) continue;
      seen[next] |= bit;
      queue.emplace_back(next, suspended);
    }
  };
  if (start.event == none) scan(0, 0, start.suspended);
  else scan(flow_.block_of[start.event], start.event + 1, start.suspended);
  while (!queue.empty()) {
    const auto [block, suspended] = queue.back();
    queue.pop_back();
    scan(block, function_.blocks[block].first, suspended);
  }
}

std::vector<Use> Values::follow(std::vector<Use> uses, std::vector<Copy> copies, bool until_owned) const {
  std::set<std::pair<std::uint32_t, EventId>> done;
  while (!copies.empty()) {
    const Copy copy = copies.back();
    copies.pop_back();
    if (done.size() < 64 && done.emplace(copy.variable, copy.event).second) walk(copy, until_owned, uses, copies);
  }
  std::sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) {
    return std::tie(a.event, a.kind, a.argument) < std::tie(b.event, b.kind, b.argument);
  });
  return uses;
}

std::vector<Use> Values::uses(EventId source, std::uint32_t variable, bool until_owned) const {
  std::vector<Use> uses;
  std::vector<Copy> copies;
  if (variable != none) return follow({}, {{variable, source, false}}, until_owned);
  const IsIt is_it = [&](const Operand& operand) {
    return operand.kind == Operand::Kind::call && operand.event == source;
  };
  for (EventId e : results_[source]) {
    const Event& event = function_.events[e];
    if (event.place != none) {
      const Place& place = function_.places[event.place];
      if (place.root == Place::Root::call && place.call == source && !place.steps.empty())
        uses.push_back({Use::Kind::followed, e, -1, false});
    }
    classify(e, is_it, false, uses, copies);
  }
  return follow(std::move(uses), std::move(copies), until_owned);
}

std::vector<Use> Values::uses_of_parameter(std::uint32_t parameter) const {
  return follow({}, {{parameter, none, false}}, false);
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

bool Values::is_of_this_thread(const Operand& operand, EventId at) const {
  for (EventId before = 0; before < at; ++before)
    if (is_call(function_.events[before]) && capi::identifies_thread(function_.events[before].callee) &&
        comes_from(operand, at, before, true))
      return true;
  return false;
}

bool Values::comes_from(const Operand& operand, EventId at, EventId source, bool computed, int depth) const {
  bool found = false;
  each_operand(operand, [&](const Operand& part) {
    if (found || depth > 4) return;
    if (part.kind == Operand::Kind::call) {
      found = part.event == source;
      if (!found && computed)
        for (const Operand& argument : function_.events[part.event].operands)
          found |= comes_from(argument, part.event, source, true, depth + 1);
    } else if (const std::uint32_t local = local_of(part); local != none) {
      for (EventId given : definitions(local, at)) {
        if (found || given == none) continue;
        const Event& event = function_.events[given];
        found = given == source || (event.kind == Event::Kind::write && !event.operands.empty() &&
                                    comes_from(event.operands[0], given, source, computed, depth + 1));
      }
    }
  });
  return found;
}

std::string Values::identity(const Place& place, EventId at, int depth) const {
  std::string out;
  switch (place.root) {
    case Place::Root::unknown: return "";
    case Place::Root::global: out = "g" + std::to_string(place.global.n); break;
    case Place::Root::call: {
      Operand called{.kind = Operand::Kind::call, .event = place.call};
      out = result(place.call) != nullptr && depth < identity_depth ? identity(called, at, depth + 1)
                                                                    : "c" + std::to_string(place.call);
      break;
    }
    case Place::Root::variable: {
      if (place.variable < function_.parameters) out = "p" + std::to_string(place.variable);
      else out = "v" + std::to_string(place.variable);
      if (depth >= identity_depth || is_own_storage(place)) break;
      const std::vector<EventId>& given = definitions(place.variable, at);
      if (given.size() != 1 || given[0] == none) break;
      const Event& event = function_.events[given[0]];
      if (event.kind != Event::Kind::write || event.operands.empty()) {
        out += "@" + std::to_string(given[0]);
        break;
      }
      std::string origin = identity(event.operands[0], given[0], depth + 1);
      if (origin.empty()) {
        out += "@" + std::to_string(given[0]);
        break;
      }
      out = std::move(origin);
      break;
    }
  }
  for (const model::Step& step : place.steps) {
    if (step.kind == model::Step::Kind::deref && out.starts_with("&")) out.erase(0, 1);
    else
      out += step.kind == model::Step::Kind::deref   ? "*"
             : step.kind == model::Step::Kind::index ? "[]"
                                                     : "." + step.field;
  }
  return out;
}

std::string Values::identity(const Operand& operand, EventId at, int depth) const {
  switch (operand.kind) {
    case Operand::Kind::place: return identity(function_.places[operand.place], at, depth);
    case Operand::Kind::address: {
      // The address of a variable stays the same whatever is written into it; what a pointer in it leads to does not.
      const Place& named = function_.places[operand.place];
      const bool own = named.steps.empty() || named.steps[0].kind != model::Step::Kind::deref;
      const std::string place = identity(named, at, own ? identity_depth : depth);
      return place.empty() ? place : "&" + place;
    }
    case Operand::Kind::call: {
      const Event& event = function_.events[operand.event];
      // The same object under a second reference.
      if ((event.callee == "Py_NewRef" || event.callee == "Py_XNewRef") && !event.operands.empty() &&
          depth < identity_depth)
        return identity(event.operands[0], operand.event, depth + 1);
      // dict.ptr() is the object that dict wraps.
      if (capi::unwraps(event.callee) && !event.operands.empty() && depth < identity_depth) {
        const std::string handle = identity(event.operands[0], operand.event, depth + 1);
        return handle.empty() ? handle : handle.starts_with("&") ? handle.substr(1) : handle + "*";
      }
      // What an accessor answers with.
      if (result(operand.event) != nullptr && depth < identity_depth)
        if (const Path path = path_of(function_, *this, operand, at);
            path.root == Path::Root::parameter || path.root == Path::Root::global)
          return (path.is_address ? "&" : "") + path.text();
      return "c" + std::to_string(operand.event);
    }
    default: return "";
  }
}

}  // namespace ftaudit::analysis
