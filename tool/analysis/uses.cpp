// Values, the part about where a value goes: every use of it, copies into other locals followed.
#include <algorithm>
#include <set>
#include <tuple>

#include "analysis/values.h"
#include "capi/capi.h"
#include "capi/references.h"
#include "capi/types.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

std::uint32_t handed_out_by(const model::Function& function, const Use& use) {
  if (use.kind != Use::Kind::stored || function.events[use.event].place == none) return none;
  const Place& place = function.places[function.events[use.event].place];
  const bool through = place.root == Place::Root::variable && place.variable < function.parameters &&
                       place.steps.size() == 1 && place.steps[0].kind == Step::Kind::deref;
  return through ? place.variable : none;
}

Use::Kind kind_of_use(const std::string& callee) {
  switch (capi::counting(callee)) {
    case capi::Counting::takes:
    case capi::Counting::hands_back:
    case capi::Counting::in_result:
    case capi::Counting::in_handle: return Use::Kind::counted;
    case capi::Counting::drops:
    case capi::Counting::clears: return Use::Kind::released;
    case capi::Counting::replaces:
    case capi::Counting::none: break;
  }
  return capi::compares_identity(callee) || capi::prints_address(callee) ? Use::Kind::tested : Use::Kind::passed;
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
  if (start.event == none) scan(0, EventId(0), start.suspended);
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

namespace {

constexpr std::uint32_t look_ahead = 24;  // a value is consumed in the expression that reads it

// The longer place lies in or behind what the prefix names.
bool starts_with(const model::Function& function, std::uint32_t longer, const Place& prefix) {
  if (longer == none) return false;
  const Place& place = function.places[longer];
  return place.root == prefix.root && place.variable == prefix.variable && place.global == prefix.global &&
         place.call == prefix.call && place.steps.size() > prefix.steps.size() &&
         std::equal(prefix.steps.begin(), prefix.steps.end(), place.steps.begin());
}

}  // namespace

std::vector<Use> Values::uses_of_read(EventId load) const {
  const std::uint32_t loaded = function_.events[load].place;
  const Place& place = function_.places[loaded];
  for (EventId e = load + 1; e < function_.events.next_id() && e <= load + look_ahead; ++e) {
    const Event& event = function_.events[e];
    int argument = -1;
    for (std::size_t i = 0; i < event.operands.size() && argument < 0; ++i)
      each_operand(event.operands[i], [&](const Operand& part) {
        if (part.kind == Operand::Kind::place && part.place == loaded) argument = static_cast<int>(i);
      });
    if (argument < 0) {
      if (starts_with(function_, event.place, place)) return {{Use::Kind::followed, e, -1, false}};
      if (event.kind == Event::Kind::read && event.place == loaded) return {};
      continue;
    }
    switch (event.kind) {
      case Event::Kind::compare: return {{Use::Kind::tested, e, -1, false}};
      case Event::Kind::leave: return {{Use::Kind::returned, e, -1, false}};
      case Event::Kind::write: {
        const std::uint32_t local = local_of(Operand{.kind = Operand::Kind::place, .place = event.place});
        if (local == none) return {{Use::Kind::stored, e, -1, false}};
        return uses(e, local, true);
      }
      case Event::Kind::read: continue;
      default: {
        std::vector<Use> out{{kind_of_use(event.callee), e, argument, false}};
        if (out[0].kind == Use::Kind::tested || out[0].kind == Use::Kind::passed) {
          // Py_TYPE(self->x) and the like stand inside a macro that goes on with the same value.
          if (capi::looks_at_type(event.callee)) continue;
        }
        return out;
      }
    }
  }
  return {};
}

}  // namespace ftaudit::analysis
