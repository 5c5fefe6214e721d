// Conflicts, the part that knows who takes part and what one edit mends: the pair that shows a race best, everybody
// else who is in it, and which races are one.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

namespace {

bool is_bare(const Access& access) { return access.locks.empty() && !access.unknown_lock; }

std::string template_of(const std::string& record) { return record.substr(0, record.find('<')); }

// Nothing that conflicts with others tells them apart.
bool alike(const Access& a, const Access& b) {
  return a.write == b.write && a.atomic == b.atomic && a.tested == b.tested && a.contract == b.contract &&
         a.is_locked_as(b) && a.origin.certain == b.origin.certain && a.is_found_as(b);
}

bool replaces_reference(Mistake mistake) {
  return mistake == Mistake::first_use || mistake == Mistake::swapped_reference || mistake == Mistake::exhausted;
}

void add(std::vector<const State*>& states, const State* state) {
  if (std::find(states.begin(), states.end(), state) == states.end()) states.push_back(state);
}

}  // namespace

Conflicts::Standing Conflicts::standing(const State& state, const Access& access) const {
  const Arrival arrival = shared_.arrival(access);
  const Event& event = program_.function(access.site.function).events[access.site.event];
  const View& view = shared_.views().view(access.view);
  return {
      .runs = arrival == Arrival::python || arrival == Arrival::next || arrival == Arrival::buffer ||
              arrival == Arrival::thread,
      .named = !shared_.views().entry_names(view).empty(),
      .sets = std::any_of(view.entries.begin(), view.entries.end(),
                          [&](std::uint32_t entry) { return shared_.views().entry(entry).role == capi::Role::setter; }),
      .harm = !access.write                                                       ? 0
              : is_call(event) && capi::frees(event.callee)                       ? 3
              : event.op == Event::Operator::update                               ? 2
              : state.type.to_object && releases_old(state, access.site.function) ? 1
                                                                                  : 0};
}

// From the first that differs on: both are truly beside each other, on the same object, with nothing held, doing harm.
int Conflicts::rank(const Access& write, const Standing& of_write, const Access& other, const Standing& of_other) {
  int out = of_write.runs && of_other.runs ? 512 : 0;
  if (write.origin.certain && other.origin.certain) out += 256;
  if (is_bare(write)) out += 128;
  out += of_write.harm * 32;
  if (is_bare(other)) out += 16;
  if (write.site.function != other.site.function) out += 8;
  if (of_write.named && of_other.named) out += 4;
  if (!other.write) out += 2;
  if (of_write.sets) out += 1;
  return out;
}

std::optional<Race> Conflicts::pair(const State& state, const Wanted& writes, const Wanted& others) const {
  // Accesses of one function that hold the same are alike: one of each is enough to compare.
  std::vector<std::pair<const Access*, Standing>> kinds;
  for (const Access& access : state.accesses)
    if (std::none_of(kinds.begin(), kinds.end(), [&](const auto& known) {
          return known.first->site.function == access.site.function && alike(*known.first, access) &&
                 shared_.arrival(*known.first) == shared_.arrival(access);
        }))
      kinds.emplace_back(&access, standing(state, access));
  std::optional<Race> best;
  int best_rank = -1;
  for (const auto& [write, of_write] : kinds) {
    if (!write->write || (writes && !writes(*write))) continue;
    for (const auto& [other, of_other] : kinds) {
      if (other->tested || (others && !others(*other)) || !shared_.conflict(*write, *other)) continue;
      if (const int own = rank(*write, of_write, *other, of_other); own > best_rank)
        best = Race{write, other}, best_rank = own;
    }
  }
  return best;
}

bool Conflicts::told_of_holder(const State& state) const {
  const State* holder = shared_.holder_of(state);
  return holder != nullptr && pair(*holder);
}

std::vector<Party> Conflicts::parties(const std::vector<const State*>& states, const std::string& lock) const {
  std::vector<Party> out;
  for (const State* state : states) {
    std::vector<const Access*> kinds;
    for (const Access& access : state->accesses)
      if (!access.tested &&
          std::none_of(kinds.begin(), kinds.end(), [&](const Access* known) { return alike(*known, access); }))
        kinds.push_back(&access);
    for (const Access& access : state->accesses) {
      if (access.tested) continue;
      if (!lock.empty() && std::find(access.locks.begin(), access.locks.end(), lock) != access.locks.end()) continue;
      if (std::any_of(kinds.begin(), kinds.end(), [&](const Access* kind) { return shared_.conflict(access, *kind); }))
        out.push_back({state, &access});
    }
  }
  return out;
}

// The lock that most hold: who holds it does what all should.
static std::string commonest_lock(const std::vector<const State*>& states) {
  std::map<std::string, std::size_t> uses;
  for (const State* state : states)
    for (const Access& access : state->accesses)
      for (const std::string& lock : access.locks) ++uses[lock];
  const auto most =
      std::max_element(uses.begin(), uses.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == uses.end() ? "" : most->first;
}

void Conflicts::find_sides(Conflict& conflict) const {
  std::vector<const State*> states{conflict.state};
  states.insert(states.end(), conflict.also.begin(), conflict.also.end());
  if (conflict.lock.empty()) conflict.lock = commonest_lock(states);
  conflict.sides = parties(states, conflict.lock);
  const auto out_of_place = [&](const Party& side) {
    const Access& access = *side.access;
    switch (conflict.mistake) {
      case Mistake::mixed_atomic: return access.atomic;
      // Whoever goes about it in another way is told for that.
      case Mistake::swapped_reference:
      case Mistake::first_use:
      case Mistake::exhausted: {
        if (!access.write || !side.state->type.to_object || side.state->kind != State::Kind::field) return false;
        Race race{&access, &access};
        return mistake_of(*side.state, race) != conflict.mistake;
      }
      // A second __init__() is beside the others like any other method, if it does anything.
      default:
        return shared_.only_initialises(access) && conflict.mistake != Mistake::init_again &&
               (always_the_same(*side.state) || refuses_again(*side.state, access));
    }
  };
  std::vector<Party> kept = conflict.sides;
  std::erase_if(kept, out_of_place);
  for (const Access* shown : {conflict.race.write, conflict.race.other})
    if (kept.empty()) kept.push_back({conflict.state, shown});
  conflict.sides = std::move(kept);
  std::set<FunctionId> functions;
  for (const Party& side : conflict.sides) functions.insert(side.access->site.function);
  conflict.functions = functions.size();
}

// Where the state is written: what a macro stores in many globals is written at one place.
std::vector<std::string> Conflicts::stored_at(const State& state) const {
  std::set<std::string> out;
  for (const Access& access : state.accesses) {
    if (!access.write) continue;
    const model::Span& span = program_.function(access.site.function).events[access.site.event].span;
    std::string text;
    for (const std::uint32_t part : {span.file.n, span.line, span.column, span.end_line, span.end_column})
      text += std::to_string(part) + ":";
    out.insert(std::move(text));
  }
  return {out.begin(), out.end()};
}

// The functions that write the state: objects that the same functions put into several globals change together.
static std::set<FunctionId> writers(const Conflict& conflict) {
  std::set<FunctionId> out;
  for (const Access& access : conflict.state->accesses)
    if (access.write) out.insert(access.site.function);
  return out;
}

// Objects, or tables of functions and other values that are put there one by one: whoever sets one sets them all.
bool Conflicts::changes_with_others(const Conflict& conflict) const {
  if (conflict.mistake == Mistake::object_cache) return true;
  const State& state = *conflict.state;
  return conflict.mistake == Mistake::plain && state.kind == State::Kind::global && !state.contents &&
         (state.type.kind == model::Type::Kind::pointer || state.type.to_function) &&
         std::none_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) {
           return access.write && program_.function(access.site.function).events[access.site.event].is_update();
         });
}

// What a template stores is mended in its source, for all that it is instantiated for.
bool Conflicts::is_instance_of_same(const Conflict& a, const State& other) const {
  const auto is_same = [&](const State* known) {
    return template_of(known->record) == template_of(other.record) && known->field == other.field &&
           known->contents == other.contents && stored_at(*known) == stored_at(other);
  };
  return is_same(a.state) || std::any_of(a.also.begin(), a.also.end(), is_same);
}

bool Conflicts::mended_together(const Conflict& a, const Conflict& b) const {
  const State &one = *a.state, &other = *b.state;
  if (one.is_container() || other.is_container()) return false;
  const auto same_writer = [&] { return a.race.write->site.function == b.race.write->site.function; };
  if (one.kind == State::Kind::field || other.kind == State::Kind::field) {
    if (one.kind != other.kind) return false;
    if (one.record != other.record && !is_instance_of_same(a, other)) return false;
    // Filled or replaced in one function: one critical section there mends both.
    if (replaces_reference(a.mistake) && replaces_reference(b.mistake)) return a.mistake == b.mistake || same_writer();
    if (a.mistake != b.mistake || a.lock != b.lock) return false;
    return a.mistake != Mistake::double_checked || same_writer();
  }
  if (a.mistake != b.mistake || a.lock != b.lock) return false;
  if (one.global == other.global) return true;
  if (one.kind == State::Kind::static_local && other.kind == State::Kind::static_local && a.mistake == Mistake::plain &&
      program_.facts.globals[one.global].owner == program_.facts.globals[other.global].owner)
    return true;
  return stored_at(one) == stored_at(other) ||
         (changes_with_others(a) && changes_with_others(b) && writers(a) == writers(b));
}

void Conflicts::join(Conflict& kept, Conflict found) const {
  // Somebody in the pair is without the lock on every way there, not only on some.
  const auto never_locked = [](const Conflict& c) {
    const auto holds = [&](const Access& access) {
      return std::ranges::find(access.locks, c.lock) != access.locks.end();
    };
    return c.mistake == Mistake::inconsistent && !c.lock.empty() &&
           std::ranges::any_of(std::vector{c.race.write, c.race.other}, [&](const Access* shown) {
             return std::ranges::none_of(
                 c.state->accesses, [&](const Access& access) { return access.site == shown->site && holds(access); });
           });
  };
  // Who comes in while the object is made anew shows more than the one who makes it, beside himself.
  const auto shows_another = [&](const Conflict& c) {
    return c.mistake == Mistake::init_again && c.race.write->site.function != c.race.other->site.function;
  };
  const auto weight = [&](const Conflict& c) {
    return (shows_another(c) ? 32 : 0) + (c.race.write->origin.certain && c.race.other->origin.certain ? 16 : 0) +
           (never_locked(c) ? 8 : 0) + (c.releases ? 4 : 0) + (c.state->contents ? 0 : 2) +
           (c.state->type.kind == model::Type::Kind::pointer ? 1 : 0);
  };
  if (weight(found) > weight(kept)) std::swap(found, kept);
  kept.releases |= found.releases, kept.setting &= found.setting, kept.same_again &= found.same_again;
  kept.flag &= found.flag, kept.late &= found.late, kept.told_again &= found.told_again;
  add(kept.also, found.state);
  for (const State* state : found.also) add(kept.also, state);
  std::erase(kept.also, kept.state);
}

void Conflicts::group() {
  std::vector<Conflict> grouped;
  // Only what is of one record, one global or one function, or stored on one line or by the same functions can be
  // mended together.
  std::map<std::string, std::vector<std::size_t>> near;
  for (Conflict& found : found_) {
    std::vector<std::string> keys;
    if (found.state->kind == State::Kind::field) keys.push_back("r" + template_of(found.state->record));
    else {
      const model::Global& global = program_.facts.globals[found.state->global];
      keys.push_back("g" + std::to_string(found.state->global.n));
      if (found.state->kind == State::Kind::static_local) keys.push_back("f" + global.owner.text);
      keys.push_back("w");
      for (const std::string& place : stored_at(*found.state)) keys.back() += place;
      if (changes_with_others(found)) keys.push_back("o" + std::to_string(writers(found).begin()->n));
    }
    std::optional<std::size_t> with;
    for (const std::string& key : keys)
      for (const std::size_t i : near[key])
        if (!with && mended_together(grouped[i], found)) with = i;
    if (!with) {
      with = grouped.size();
      grouped.push_back(std::move(found));
    } else {
      join(grouped[*with], std::move(found));
    }
    for (const std::string& key : keys)
      if (near[key].empty() || near[key].back() != *with) near[key].push_back(*with);
  }
  for (Conflict& conflict : grouped) find_sides(conflict);
  found_ = std::move(grouped);
  join_where_a_lock_is_forgotten();
  join_behind_boundaries();
}

// State that no other lock is held for, and that only those use who forget the lock of their owner's other state: with
// that lock they mend it too.
void Conflicts::join_where_a_lock_is_forgotten() {
  const auto functions = [](const Conflict& conflict) {
    std::set<FunctionId> out;
    for (const Party& side : conflict.sides) out.insert(side.access->site.function);
    return out;
  };
  const auto same_owner = [](const State& a, const State& b) {
    return a.kind == b.kind && (a.kind == State::Kind::field ? a.record == b.record : a.global == b.global);
  };
  std::set<const Conflict*> joined;
  for (Conflict& forgotten : found_) {
    if (forgotten.mistake != Mistake::inconsistent) continue;
    const std::set<FunctionId> there = functions(forgotten);
    for (const Conflict& other : found_) {
      if (other.mistake != Mistake::plain || (!other.lock.empty() && other.lock != forgotten.lock) ||
          other.state->is_container() || !same_owner(*other.state, *forgotten.state))
        continue;
      const std::set<FunctionId> theirs = functions(other);
      if (!std::includes(there.begin(), there.end(), theirs.begin(), theirs.end()) || !joined.insert(&other).second)
        continue;
      add(forgotten.also, other.state);
      forgotten.flag &= other.flag, forgotten.late &= other.late;
      for (const State* state : other.also) add(forgotten.also, state);
    }
    find_sides(forgotten);
  }
  std::vector<Conflict> kept;
  for (Conflict& found : found_)
    if (!joined.contains(&found)) kept.push_back(std::move(found));
  found_ = std::move(kept);
}

}  // namespace ftaudit::analysis
