#include "analysis/conflicts.h"

#include <algorithm>
#include <map>
#include <set>

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

bool is_reference(const State& state) { return state.type.to_object && !state.contents; }

bool drops_reference(const std::string& callee) {
  return kind_of_use(callee) == Use::Kind::released || callee == "pybind11::handle::dec_ref";
}

std::size_t functions_in(const State& state) {
  std::set<FunctionId> seen;
  for (const Access& access : state.accesses) seen.insert(access.site.function);
  return seen.size();
}

std::size_t places_in(const State& state) {
  std::set<std::pair<FunctionId, EventId>> seen;
  for (const Access& access : state.accesses) seen.emplace(access.site.function, access.site.event);
  return seen.size();
}

// All that is held is of another object: one that has nothing to do with the state, or one that leads to its owner.
bool holds_elsewhere(const Access& access, const std::string& usual) {
  if (access.locks.empty()) return access.other_lock;
  return usual.find('^') == std::string::npos &&
         std::all_of(access.locks.begin(), access.locks.end(),
                     [](const std::string& lock) { return lock.find('^') != std::string::npos; });
}

}  // namespace

Conflicts::Conflicts(const Program& program, const Held& held, const Shared& shared)
    : program_(program), held_(held), shared_(shared) {
  globals();
  for (const State& state : shared_.states())
    if (state.kind == State::Kind::field) field(state);
  group_fields();
}

// What is known of one global belongs together: its fields, and what it leads to.
void Conflicts::globals() {
  std::map<std::uint32_t, std::vector<const State*>> groups;
  for (const State& state : shared_.states())
    if (state.kind != State::Kind::field) groups[state.global.n].push_back(&state);
  for (const auto& [id, group] : groups) global(group);
  join_counts();
}

// The count beside a free list, used by nobody else, is part of the list.
void Conflicts::join_counts() {
  const auto used_with = [](const State& count, const State& list) {
    return std::all_of(count.accesses.begin(), count.accesses.end(), [&](const Access& access) {
      return std::any_of(list.accesses.begin(), list.accesses.end(),
                         [&](const Access& other) { return other.site.function == access.site.function; });
    });
  };
  std::vector<Conflict> kept, counts;
  for (Conflict& found : found_)
    (found.mistake == Mistake::plain && found.state->type.kind == model::Type::Kind::scalar ? counts : kept)
        .push_back(std::move(found));
  for (Conflict& count : counts) {
    const auto list = std::find_if(kept.begin(), kept.end(), [&](const Conflict& found) {
      return found.mistake == Mistake::free_list && used_with(*count.state, *found.state);
    });
    if (list != kept.end()) list->also.push_back(count.state);
    else kept.push_back(std::move(count));
  }
  found_ = std::move(kept);
}

void Conflicts::report(Mistake mistake, const State& state, const Race& race) {
  Conflict& found = found_.emplace_back();
  found.mistake = mistake, found.state = &state, found.race = race, found.functions = functions_in(state);
  found.releases = releases_old(state, race.write->site.function);
  found.same_again = (mistake == Mistake::object_cache || mistake == Mistake::first_use) && race.other != race.write &&
                     !found.releases && looks_up(*race.write);
  found.setting = is_setting(state) && (mistake == Mistake::plain || mistake == Mistake::init_again);
}

void Conflicts::global(const std::vector<const State*>& group) {
  const State* worst = nullptr;
  std::optional<Race> best;
  for (const State* state : group) {
    const std::optional<Race> race = shared_.race(*state);
    if (!race) continue;
    // The place with most accesses tells most.
    if (best && places_in(*state) <= places_in(*worst)) continue;
    worst = state, best = race;
  }
  if (!best) return;
  const State& state = *worst;
  for (const Access& store : state.accesses) {
    if (!store.write) continue;
    const Access* test = unset_test(state, store);
    if (test == nullptr || !shared_.conflict(store, *test)) continue;
    const bool locked_fill = !store.locks.empty() && !store.unknown_lock;
    report(locked_fill           ? Mistake::double_checked
           : is_reference(state) ? Mistake::object_cache
                                 : Mistake::first_use,
           state, {&store, test});
    return;
  }
  for (const State* part : group)
    if (is_free_list(*part))
      if (const std::optional<Race> race = shared_.race(*part)) return report(Mistake::free_list, *part, *race);
  for (const Access& store : state.accesses)
    if (store.write && shared_.conflict(store, store) && carries_callback_argument(state, store))
      return report(Mistake::callback_argument, state, {&store, &store});
  const bool atomics =
      std::any_of(state.accesses.begin(), state.accesses.end(), [](const Access& access) { return access.atomic; });
  if (atomics && (best->write->atomic || best->other->atomic)) return report(Mistake::mixed_atomic, state, *best);
  if (std::string lock = usual_lock(state); !lock.empty()) {
    const auto without = [&](const Access& access) {
      return std::find(access.locks.begin(), access.locks.end(), lock) == access.locks.end() && !access.unknown_lock;
    };
    std::optional<Race> race = shared_.race(state, without);
    if (!race) race = best;
    report(Mistake::inconsistent, state, *race);
    found_.back().lock = std::move(lock);
    return;
  }
  if (is_reference(state)) return report(Mistake::object_cache, state, *best);
  if (polled(state)) return report(Mistake::stop_flag, state, *best);
  const auto native = [&](const Access& access) { return shared_.on_native_thread(access.site.function); };
  if (native(*best->write) != native(*best->other)) return report(Mistake::gil_as_lock, state, *best);
  report(Mistake::plain, state, *best);
}

// The lock that most functions hold at their accesses, if it is worth speaking of.
std::string Conflicts::usual_lock(const State& state) const {
  std::map<std::string, std::set<FunctionId>> holders;
  std::map<std::string, std::size_t> uses;
  std::set<FunctionId> without;
  for (const Access& access : state.accesses) {
    for (const std::string& lock : access.locks) holders[lock].insert(access.site.function), ++uses[lock];
    if (access.locks.empty() && !access.unknown_lock && !access.atomic) without.insert(access.site.function);
  }
  // The lock of every write is meant for the reads too, be they as many as they may.
  const auto ordinary_write = [&](const Access& access) {
    return access.write && !shared_.only_initialises(access.site.function);
  };
  for (const auto& [lock, functions] : holders) {
    const auto unlocked = [&](const Access& access) {
      return ordinary_write(access) && std::find(access.locks.begin(), access.locks.end(), lock) == access.locks.end();
    };
    if (std::any_of(state.accesses.begin(), state.accesses.end(), ordinary_write) &&
        std::none_of(state.accesses.begin(), state.accesses.end(), unlocked))
      return lock;
  }
  std::string best;
  for (const auto& [lock, functions] : holders)
    if (uses[lock] >= 2 && (best.empty() || functions.size() > holders[best].size())) best = lock;
  if (best.empty() || holders[best].size() < without.size()) return {};
  return best;
}

const Access* Conflicts::test_before(const State& state, FunctionId id, EventId at) const {
  const model::Function& function = program_.function(id);
  const Access* found = nullptr;
  held_.values(id).each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (test.operands.empty()) return;
    const auto names_state = [&](const Operand& operand) { return shared_.state_of(id, operand, compare) == &state; };
    bool unset = false;
    if (test.op == Event::Operator::truth) unset = !outcome && names_state(test.operands[0]);
    else if ((test.op == Event::Operator::equal || test.op == Event::Operator::unequal) && test.operands.size() == 2)
      for (int side : {0, 1}) {
        const Operand& other = test.operands[1 - side];
        if (other.kind != Operand::Kind::null &&
            (other.kind != Operand::Kind::number || (other.number != 0 && other.number != -1)))
          continue;
        unset |= names_state(test.operands[side]) && outcome == (test.op == Event::Operator::equal);
      }
    if (!unset) return;
    for (const Access& access : state.accesses)
      if (!access.write && access.site.function == id && access.site.event <= compare &&
          (found == nullptr || access.site.event < found->site.event))
        found = &access;
    // The nearest read before the comparison is the one it tests; the outermost test decides.
    const Access* nearest = nullptr;
    for (const Access& access : state.accesses)
      if (!access.write && access.site.function == id && access.site.event <= compare &&
          (nearest == nullptr || access.site.event > nearest->site.event))
        nearest = &access;
    if (nearest != nullptr) found = nearest;
  });
  return found;
}

// What is also set without a test is not filled on first use; nor is what the function sets back: that is a mark for
// the time of a call.
bool Conflicts::part_of_other_logic(const State& state, const Access& store) const {
  return std::any_of(state.accesses.begin(), state.accesses.end(), [&](const Access& other) {
    if (!other.write || other.site.function != store.site.function || &other == &store) return false;
    if (other.site.event < store.site.event)
      return test_before(state, store.site.function, other.site.event) == nullptr;
    return state.type.kind == model::Type::Kind::scalar;
  });
}

const Access* Conflicts::unset_test(const State& state, const Access& store) const {
  const Access* own = test_before(state, store.site.function, store.site.event);
  if (own != nullptr && shared_.conflict(store, *own)) return part_of_other_logic(state, store) ? nullptr : own;
  // if (table == NULL) fill_table(); where fill_table may test again, under its lock.
  const std::vector<Edge>& callers = program_.calls_to(store.site.function);
  if (callers.empty() || state.kind == State::Kind::field) return own;
  const Access* found = nullptr;
  for (const Edge& edge : callers) {
    const bool once = edge.mention && capi::runs_once(program_.function(edge.from).events[edge.event].callee);
    const Access* test = edge.mention && !once ? nullptr : test_before(state, edge.from, edge.event);
    if (test == nullptr) return own;
    found = test;
  }
  return found;
}

bool Conflicts::releases_old(const State& state, FunctionId writer) const {
  const model::Function& function = program_.function(writer);
  const Values& values = held_.values(writer);
  for (const Access& access : state.accesses) {
    if (access.write || access.site.function != writer) continue;
    const Event& read = function.events[access.site.event];
    // Released where it stands, or from the local that it was put into.
    for (EventId e = access.site.event + 1; e < function.events.size() && e < access.site.event + 4; ++e) {
      const Event& event = function.events[e];
      const bool names_it = !event.operands.empty() && event.operands[0].kind == Operand::Kind::place &&
                            event.operands[0].place == read.place;
      if (!names_it) continue;
      if (is_call(event) && (drops_reference(event.callee) || capi::frees(event.callee))) return true;
      if (event.kind != Event::Kind::write) continue;
      const std::uint32_t local = values.local_of(Operand{.kind = Operand::Kind::place, .place = event.place});
      if (local == none) continue;
      for (const Use& use : values.uses(e, local))
        if (use.kind == Use::Kind::released ||
            (use.kind == Use::Kind::passed && capi::frees(function.events[use.event].callee)))
          return true;
    }
  }
  return false;
}

void Conflicts::field(const State& state) {
  const std::optional<Race> best = shared_.race(state);
  if (!best) return;
  if (state.container) return report(Mistake::plain, state, *best);
  if (is_reference(state)) return references(state);
  const auto ordinary = [&](const Access& access) { return !shared_.only_initialises(access.site.function); };
  const std::optional<Race> live = shared_.race(state, ordinary);
  if (!live) {
    // "It has been initialised": the second time changes nothing.
    if (always_the_same(state) || refuses_again(state, *best->write)) return;
    report(Mistake::init_again, state, *best);
    found_.back().releases = releases_old(state, best->write->site.function);
    return;
  }
  for (const Access& store : state.accesses) {
    if (!store.write || !ordinary(store)) continue;
    const Access* test = unset_test(state, store);
    if (test == nullptr || !shared_.conflict(store, *test)) continue;
    return report(!store.locks.empty() && !store.unknown_lock ? Mistake::double_checked : Mistake::first_use, state,
                  {&store, test});
  }
  if (live->write->atomic != live->other->atomic) return report(Mistake::mixed_atomic, state, *live);
  if (std::string lock = usual_lock(state); !lock.empty()) {
    for (const Access& access : state.accesses) {
      if (access.unknown_lock || !holds_elsewhere(access, lock)) continue;
      for (const Access& write : state.accesses) {
        if (!shared_.conflict(write, access) || !write.write) continue;
        report(on_another(state, access, true) ? Mistake::second_object : Mistake::wrong_object, state,
               {&write, &access});
        found_.back().lock = std::move(lock);
        return;
      }
    }
    const auto without = [&](const Access& access) {
      return std::find(access.locks.begin(), access.locks.end(), lock) == access.locks.end();
    };
    const std::optional<Race> race =
        shared_.race(state, [&](const Access& access) { return ordinary(access) && without(access); });
    report(Mistake::inconsistent, state, race ? *race : *live);
    found_.back().lock = std::move(lock);
    return;
  }
  const auto all_writers = [&](auto predicate) {
    return std::all_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) {
      return !access.write || !ordinary(access) || predicate(access.site.function);
    });
  };
  if (all_writers([&](FunctionId id) { return shared_.only_iterates(id); }))
    return report(Mistake::cursor, state, *live);
  if (all_writers([&](FunctionId id) { return shared_.only_exports_buffers(id); }))
    return report(Mistake::buffer_count, state, *live);
  if (polled(state)) return report(Mistake::stop_flag, state, *live);
  report(Mistake::plain, state, *live);
}

bool Conflicts::always_the_same(const State& state) const {
  std::optional<std::int64_t> only;
  for (const Access& access : state.accesses) {
    if (!access.write) continue;
    const Event& event = program_.function(access.site.function).events[access.site.event];
    if (event.kind != Event::Kind::write || event.op == Event::Operator::update || event.operands.empty() ||
        event.operands[0].kind != Operand::Kind::number)
      return false;
    if (only && *only != event.operands[0].number) return false;
    only = event.operands[0].number;
  }
  return true;
}

// Each function that replaces a reference is a place to mend.
void Conflicts::references(const State& state) {
  std::set<FunctionId> done;
  for (const Access& store : state.accesses) {
    if (!store.write || !done.insert(store.site.function).second) continue;
    const FunctionId id = store.site.function;
    // Who holds a lock that the other side forgot is not to blame: the reading side is told (Loads).
    const std::optional<Race> race = shared_.race(state, [&](const Access& access) {
      return access.site.function == id && access.locks.empty() && !access.unknown_lock;
    });
    if (!race) continue;
    Mistake mistake = Mistake::swapped_reference;
    Race shown = *race;
    if (shared_.only_initialises(id)) {
      if (refuses_again(state, *race->write)) continue;
      mistake = Mistake::init_again;
    } else if (const Access* test = unset_test(state, *race->write);
               test != nullptr && shared_.conflict(*race->write, *test))
      mistake =
          !race->write->locks.empty() && !race->write->unknown_lock ? Mistake::double_checked : Mistake::first_use,
      shown.other = test;
    else if (shared_.only_iterates(id) && releases_old(state, id)) mistake = Mistake::exhausted;
    report(mistake, state, shown);
    found_.back().releases = releases_old(state, id);
  }
}

// Fields of one record with the same mistake are one bug where one edit mends them: a type nobody locks, one __init__.
void Conflicts::group_fields() {
  std::vector<Conflict> grouped;
  std::map<std::string, std::size_t> seen;
  const auto weight = [](const Conflict& c) {
    return (c.race.write->origin.certain && c.race.other->origin.certain ? 8 : 0) + (c.releases ? 4 : 0) +
           (c.state->contents ? 0 : 2) + (c.state->type.kind == model::Type::Kind::pointer ? 1 : 0);
  };
  for (Conflict& found : found_) {
    const State& state = *found.state;
    const bool of_function = state.kind == State::Kind::static_local && found.mistake == Mistake::plain;
    const bool of_record = state.kind == State::Kind::field && !state.container &&
                           found.mistake != Mistake::inconsistent && found.mistake != Mistake::double_checked;
    const bool joins = of_function || of_record;
    if (!joins) {
      grouped.push_back(std::move(found));
      continue;
    }
    // Filled or replaced in one function: one critical section there mends both.
    const Mistake kind = found.mistake == Mistake::first_use ? Mistake::swapped_reference : found.mistake;
    std::string key = std::to_string(static_cast<int>(kind)) + state.record;
    if (of_function) key += program_.facts.globals[state.global.n].owner.text;
    else if (found.mistake != Mistake::plain) key += " " + std::to_string(found.race.write->site.function);
    const auto [it, made] = seen.emplace(key, grouped.size());
    if (made) {
      grouped.push_back(std::move(found));
      continue;
    }
    Conflict& kept = grouped[it->second];
    if (weight(found) > weight(kept)) {
      found.also = std::move(kept.also);
      found.also.push_back(kept.state);
      found.releases |= kept.releases, found.setting &= kept.setting, found.same_again &= kept.same_again;
      kept = std::move(found);
    } else {
      kept.also.push_back(found.state);
      kept.releases |= found.releases, kept.setting &= found.setting, kept.same_again &= found.same_again;
    }
  }
  found_ = std::move(grouped);
}

}  // namespace ftaudit::analysis
