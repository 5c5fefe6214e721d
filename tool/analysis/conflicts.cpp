#include "analysis/conflicts.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/once_calls.h"
#include "analysis/only_marked.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

// All that is ever stored there is NULL, while the module is made too, and nobody is given its address.
bool holds_nothing(const Program& program, const State& state) {
  for (const model::Function& function : program.facts.functions) {
    const auto names = [&](std::uint32_t place) {
      return place != none && function.places[place].root == Place::Root::global &&
             function.places[place].global == state.global;
    };
    for (const Event& event : function.events) {
      if (event.kind == Event::Kind::write && names(event.place) &&
          (event.operands.empty() || event.operands[0].kind != Operand::Kind::null))
        return false;
      bool lent = false;
      each_operand(event, [&](const Operand& operand) {
        lent |= operand.kind == Operand::Kind::address && names(operand.place);
      });
      if (lent) return false;
    }
  }
  return true;
}

// Nobody looks at it, and all that is stored is NULL: no object is lost or taken for one that is there.
bool only_emptied(const Program& program, const State& state) {
  return std::ranges::all_of(state.accesses, [&](const Access& access) {
    const Event& event = program.function(access.site.function).events[access.site.event];
    return access.write && event.kind == Event::Kind::write && !event.operands.empty() &&
           event.operands[0].kind == Operand::Kind::null;
  });
}

// 0 or NULL is stored: where it is unset that fills nothing.
bool takes_back(const Program& program, const Access& store) {
  const Event& event = program.function(store.site.function).events[store.site.event];
  return event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty() &&
         constant(event.operands[0]) == 0;
}

// What leads to a lock is of interest only while it is not there yet: who waits by it has read it before.
bool leads_to_lock(const State& state) { return capi::is_lock_type(state.type.record); }

bool is_reference(const State& state) { return state.type.to_object && !state.contents; }

// For what it does: who writes needs it for itself alone.
bool holds(const Access& access, const std::string& lock) {
  return !(access.write && access.only_reads_under(lock)) &&
         std::find(access.locks.begin(), access.locks.end(), lock) != access.locks.end();
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

Conflicts::Conflicts(const Program& program, const Held& held, const Shared& shared, const std::vector<Count>& counts)
    : program_(program), held_(held), shared_(shared), counts_(counts) {
  globals();
  for (const State& state : shared_.states())
    if (state.kind == State::Kind::field && !told_of_holder(state)) field(state);
  group();
}

void Conflicts::globals() {
  std::map<model::GlobalId, std::vector<const State*>> groups;
  for (const State& state : shared_.states())
    if (state.kind != State::Kind::field) groups[state.global].push_back(&state);
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

Conflict& Conflicts::report(Mistake mistake, const State& state, const Race& race, std::string lock) {
  Conflict& found = found_.emplace_back();
  found.mistake = mistake, found.state = &state, found.race = race, found.lock = std::move(lock);
  found.releases = releases_old(state, race.write->site.function);
  found.same_again = (mistake == Mistake::object_cache || mistake == Mistake::first_use) && race.other != race.write &&
                     !found.releases && looks_up(*race.write);
  found.flag = is_flag(state);
  found.late = found.flag || is_late_at_worst(state);
  found.told_again = mistake == Mistake::first_use && only_says(state);
  found.marked = mistake == Mistake::first_use && is_marked(state, *race.write);
  found.guards_release = found.marked && guards_release(*race.write);
  found.grows = mistake == Mistake::first_use && grows(state, *race.write);
  found.setting = is_setting(state) && (mistake == Mistake::plain || mistake == Mistake::init_again);
  return found;
}

// Each field of a global is state of its own; a list of spare objects is one thing with all that belongs to it.
void Conflicts::global(const std::vector<const State*>& group) {
  for (const State* part : group)
    if (is_free_list(*part))
      if (const std::optional<Race> race = pair(*part)) {
        Conflict& list = report(Mistake::free_list, *part, *race);
        for (const State* other : group)
          if (other != part && pair(*other)) list.also.push_back(other);
        return;
      }
  std::map<std::string, std::vector<const State*>> families;
  for (const State* state : group) families[state->field].push_back(state);
  for (const auto& [field, family] : families) part_of_global(family);
}

// A global or a field of it, and what it leads to: they are filled, freed and looked at together.
void Conflicts::part_of_global(const std::vector<const State*>& family) {
  const State* worst = nullptr;
  std::optional<Race> best;
  std::vector<const State*> racing;
  for (const State* state : family) {
    const std::optional<Race> race = pair(*state);
    if (!race || told_of_holder(*state)) continue;
    if (is_reference(*state) &&
        (holds_nothing(program_, *state) || only_emptied(program_, *state) || holds_what_stays(*state)))
      continue;
    racing.push_back(state);
    // The place with most accesses tells most.
    if (best && places_in(*state) <= places_in(*worst)) continue;
    worst = state, best = race;
  }
  if (!best) return;
  const State& state = *worst;
  const auto tell = [&](Mistake mistake, const Race& race, std::string lock = {}) {
    Conflict& found = report(mistake, state, race, std::move(lock));
    for (const State* other : racing)
      if (other != &state) found.also.push_back(other);
  };
  for (const Access& store : state.accesses) {
    if (!store.write) continue;
    const Access* test = unset_test(state, store);
    if (test == nullptr || !shared_.conflict(store, *test)) continue;
    const bool locked_fill = !store.locks.empty() && !store.unknown_lock;
    return tell(locked_fill           ? Mistake::double_checked
                : is_reference(state) ? Mistake::object_cache
                                      : Mistake::first_use,
                {&store, test}, locked_fill ? store.locks[0] : "");
  }
  if (leads_to_lock(state)) return;
  for (const Access& store : state.accesses)
    if (store.write && shared_.conflict(store, store) && carries_callback_argument(state, store))
      return tell(Mistake::callback_argument, {&store, &store});
  const bool atomics =
      std::any_of(state.accesses.begin(), state.accesses.end(), [](const Access& access) { return access.atomic; });
  if (atomics && (best->write->atomic || best->other->atomic)) return tell(Mistake::mixed_atomic, *best);
  if (std::string lock = usual_lock(state); !lock.empty()) {
    const auto without = [&](const Access& access) { return !access.unknown_lock && !holds(access, lock); };
    const std::optional<Race> race = pair(state, without);
    return tell(Mistake::inconsistent, race ? *race : *best, std::move(lock));
  }
  if (is_reference(state)) return tell(Mistake::object_cache, *best);
  if (polled(state)) return tell(Mistake::stop_flag, *best);
  const auto native = [&](const Access& access) { return shared_.on_native_thread(access.site.function); };
  const auto outside = [&](const Access& access) { return !native(access) && !around_its_threads(state, access); };
  if (native(*best->write) != native(*best->other)) {
    if (outside(*best->write) || outside(*best->other)) return tell(Mistake::gil_as_lock, *best);
    if (const std::optional<Race> race = pair(state, native, outside)) return tell(Mistake::gil_as_lock, *race);
    if (const std::optional<Race> race = pair(state, outside, native)) return tell(Mistake::gil_as_lock, *race);
    if (const std::optional<Race> race = pair(state, native, native)) return tell(Mistake::plain, *race);
  }
  tell(Mistake::plain, *best);
}

// The lock that most functions hold at their accesses, if it is worth speaking of.
std::string Conflicts::usual_lock(const State& state) const {
  std::map<std::string, std::set<FunctionId>> holders;
  std::map<std::string, std::size_t> uses;
  std::set<FunctionId> without;
  for (const Access& access : state.accesses) {
    // A section that a generator puts round every accessor is nobody's decision.
    if (program_.function(access.site.function).is_implicit) continue;
    for (const std::string& lock : access.locks) holders[lock].insert(access.site.function), ++uses[lock];
    if (access.locks.empty() && !access.unknown_lock && !access.atomic) without.insert(access.site.function);
  }
  // The lock of every write is meant for the reads too, be they as many as they may.
  const auto ordinary_write = [&](const Access& access) { return access.write && !shared_.only_initialises(access); };
  for (const auto& [lock, functions] : holders) {
    const auto unlocked = [&](const Access& access) { return ordinary_write(access) && !holds(access, lock); };
    if (std::any_of(state.accesses.begin(), state.accesses.end(), ordinary_write) &&
        std::none_of(state.accesses.begin(), state.accesses.end(), unlocked))
      return lock;
  }
  // One function alone writes without the lock that all others hold, be they as few as they may.
  if (without.size() == 1)
    for (const auto& [lock, functions] : holders)
      if (std::ranges::all_of(state.accesses, [&](const Access& access) {
            return access.site.function == *without.begin() || holds(access, lock) || shared_.only_initialises(access);
          }))
        return lock;
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
// the time of a call; nor a number that other functions set to what they like: that is a phase of the object.
bool Conflicts::part_of_other_logic(const State& state, const Access& store) const {
  const auto sets_phase = [&](const Access& other) {
    if (!other.write || other.site.function == store.site.function || shared_.only_initialises(other)) return false;
    const Event& event = program_.function(other.site.function).events[other.site.event];
    const std::optional<std::int64_t> number =
        event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty() ? constant(event.operands[0])
                                                                                          : std::nullopt;
    return number && *number != 0 && *number != -1 &&
           test_before(state, other.site.function, other.site.event) == nullptr;
  };
  if (state.type.kind == model::Type::Kind::scalar && std::ranges::any_of(state.accesses, sets_phase)) return true;
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
    const bool once = once_call(program_, edge).has_value();
    const Access* test = edge.mention && !once ? nullptr : test_before(state, edge.from, edge.event);
    if (test == nullptr) return own;
    found = test;
  }
  return found;
}

// What is sure is told first: that two threads perhaps have an object that came out of a call hides nothing.
void Conflicts::field(const State& state) {
  if (state.is_container()) {
    if (const std::optional<Race> race = pair(state)) report(Mistake::plain, state, *race);
    return;
  }
  if (is_reference(state)) return references(state);
  const auto sure = [](const Access& access) { return access.origin.certain; };
  if (!field(state, sure)) field(state, [](const Access&) { return true; });
  else if (const std::string lock = usual_lock(state); !lock.empty())
    elsewhere(state, lock, [](const Access& access) { return !access.origin.certain; });
}

bool Conflicts::field(const State& state, const Wanted& wanted) {
  const std::optional<Race> best = pair(state, wanted, wanted);
  if (!best) return false;
  const auto ordinary = [&](const Access& access) { return wanted(access) && !shared_.only_initialises(access); };
  // Where all others hold a lock, only who is initialised again is without.
  const std::optional<Race> live = pair(state, ordinary, ordinary);
  if (!live && leads_to_lock(state)) return true;
  if (!live) {
    // "It has been initialised": the second time changes nothing, nor where only what is unset is filled.
    if (!always_the_same(state) && !refuses_again(state, *best->write) && unset_test(state, *best->write) == nullptr)
      report(Mistake::init_again, state, *best);
    return true;
  }
  const bool counts_holders = std::any_of(counts_.begin(), counts_.end(), [&](const Count& count) {
    return count.record == state.record && count.field == state.field;
  });
  if (counts_holders) return true;
  for (const Access& store : state.accesses) {
    if (!store.write || !ordinary(store) || takes_back(program_, store)) continue;
    const Access* test = unset_test(state, store);
    if (test == nullptr || !wanted(*test) || !shared_.conflict(store, *test)) continue;
    const bool locked_fill = !store.locks.empty() && !store.unknown_lock;
    if (locked_fill && is_flag(state) && is_only_marked(program_, held_, store)) continue;
    report(locked_fill ? Mistake::double_checked : Mistake::first_use, state, {&store, test},
           locked_fill ? store.locks[0] : "");
    return true;
  }
  if (leads_to_lock(state)) return true;
  if (live->write->atomic != live->other->atomic) return report(Mistake::mixed_atomic, state, *live), true;
  if (std::string lock = usual_lock(state); !lock.empty()) {
    if (elsewhere(state, lock, wanted)) return true;
    const auto without = [&](const Access& access) { return ordinary(access) && !holds(access, lock); };
    // Who never has it shows more than who has it or not, as the ways there have been put together.
    const auto never = [&](const Access& access) {
      return without(access) && std::ranges::none_of(state.accesses, [&](const Access& other) {
               return other.site == access.site && holds(other, lock);
             });
    };
    std::optional<Race> race = pair(state, never, wanted);
    if (!race) race = pair(state, [&](const Access& access) { return ordinary(access) && holds(access, lock); }, never);
    if (!race) race = pair(state, without, wanted);
    report(Mistake::inconsistent, state, race ? *race : *live, std::move(lock));
    return true;
  }
  const auto all_writers = [&](auto predicate) {
    return std::all_of(state.accesses.begin(), state.accesses.end(), [&](const Access& access) {
      return !access.write || !ordinary(access) || predicate(access.site.function);
    });
  };
  const Mistake mistake = all_writers([&](FunctionId id) { return shared_.only_iterates(id); }) ? Mistake::cursor
                          : all_writers([&](FunctionId id) { return shared_.only_exports_buffers(id); })
                              ? Mistake::buffer_count
                          : polled(state) ? Mistake::stop_flag
                                          : Mistake::plain;
  report(mistake, state, *live);
  return true;
}

// A lock is held, and not the right one.
bool Conflicts::elsewhere(const State& state, const std::string& lock, const Wanted& wanted) {
  const auto misled = [&](const Access& access) {
    return wanted(access) && !access.unknown_lock && holds_elsewhere(access, lock);
  };
  std::optional<Race> best = pair(state, {}, misled);
  if (!best) return false;
  report(on_another(state, *best->other, true) ? Mistake::second_object : Mistake::wrong_object, state, *best, lock);
  return true;
}

}  // namespace ftaudit::analysis
