// Conflicts, the part about fields and globals that hold references: who replaces one goes about it in some way, and
// each way is a mistake of its own.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/conflicts.h"
#include "analysis/tested.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

bool drops_reference(const std::string& callee) {
  return kind_of_use(callee) == Use::Kind::released || callee == "pybind11::handle::dec_ref";
}

// The value is released or freed there, or by a function that it is given to.
bool gives_up(const Program& program, const Held& held, FunctionId id, const Use& use, int depth) {
  if (use.kind == Use::Kind::released) return true;
  if (use.kind != Use::Kind::passed) return false;
  const Event& event = program.function(id).events[use.event];
  if (capi::frees(event.callee)) return true;
  const FunctionId callee = event.callee_key.text.empty() ? none : program.find(event.callee_key);
  const auto parameter = static_cast<std::uint32_t>(use.argument);
  if (depth == 0 || callee == none || use.argument < 0 || parameter >= program.function(callee).parameters)
    return false;
  const std::vector<Use> there = held.values(callee).uses_of_parameter(parameter);
  // What it takes a reference of first, it gives back no more than that.
  return std::ranges::none_of(there, [](const Use& one) { return one.kind == Use::Kind::counted; }) &&
         std::ranges::any_of(there, [&](const Use& one) { return gives_up(program, held, callee, one, depth - 1); });
}

// Returned, or stored where a parameter leads to: whoever gets it has the reference now.
bool hands_over(const model::Function& function, const Use& use) {
  return use.kind == Use::Kind::returned || handed_out_by(function, use) != none;
}

// There the state holds what a global holds that nobody replaces: the module keeps a reference of its own.
bool holds_modules_own(const Program& program, const Held& held, const Shared& shared, const State& state,
                       const Access& read) {
  const FunctionId id = read.site.function;
  const model::Function& function = program.function(id);
  const Values& values = held.values(id);
  bool found = false;
  values.each_condition(read.site.event, [&](EventId compare, bool outcome) {
    const std::optional<Operand> asked = tested(function, values, compare);
    EventId at = compare;
    if (asked && asked->kind == Operand::Kind::call && function.events[compare].op == Event::Operator::truth)
      at = asked->event;  // what was compared before
    const Event& test = function.events[at];
    if (test.kind != Event::Kind::compare || test.operands.size() != 2) return;
    const bool same = test.op == Event::Operator::equal     ? outcome
                      : test.op == Event::Operator::unequal ? !outcome
                                                            : false;
    for (int side : {0, 1}) {
      const Operand& other = test.operands[1 - side];
      if (!same || other.kind != Operand::Kind::place || shared.state_of(id, test.operands[side], at) != &state)
        continue;
      const Place& place = function.places[other.place];
      found |= place.root == Place::Root::global && place.steps.empty() && place.type.to_object &&
               std::ranges::none_of(shared.states(), [&](const State& known) {
                 return known.kind != State::Kind::field && known.global == place.global && !known.contents &&
                        std::ranges::any_of(known.accesses, [](const Access& access) { return access.write; });
               });
    }
  });
  return found;
}

// What was in the state before is released by the writer, or, if that counts, handed to its caller.
bool loses_old(const Program& program, const Held& held, const Shared& shared, const State& state, FunctionId writer,
               bool handed_over) {
  const model::Function& function = program.function(writer);
  const Values& values = held.values(writer);
  const auto stored_after = [&](EventId read, EventId end) {
    return std::ranges::any_of(state.accesses, [&](const Access& store) {
      return store.write && store.site.function == writer && store.site.event < end &&
             values.reaches(read, store.site.event, none);
    });
  };
  for (const Access& access : state.accesses) {
    if (access.write || access.site.function != writer || holds_modules_own(program, held, shared, state, access))
      continue;
    const Event& read = function.events[access.site.event];
    // Released where it stands, or from the local that it was put into.
    for (EventId e = access.site.event + 1; e < function.events.next_id() && e < access.site.event + 4; ++e) {
      const Event& event = function.events[e];
      const bool names_it = !event.operands.empty() && event.operands[0].kind == Operand::Kind::place &&
                            event.operands[0].place == read.place;
      if (!names_it) continue;
      if (is_call(event) && (drops_reference(event.callee) || capi::frees(event.callee))) return true;
      if (event.kind != Event::Kind::write) continue;
      const std::uint32_t local = values.local_of(Operand{.kind = Operand::Kind::place, .place = event.place});
      if (local == none) continue;
      const std::vector<Use> uses = values.uses(e, local);
      if (std::ranges::any_of(uses, [&](const Use& use) { return gives_up(program, held, writer, use, 3); }))
        return true;
      // Another reference has taken its place, and the caller has it now.
      if (handed_over && state.type.to_object &&
          std::ranges::none_of(uses, [](const Use& use) { return use.kind == Use::Kind::counted; }) &&
          std::ranges::any_of(uses,
                              [&](const Use& use) { return hands_over(function, use) && stored_after(e, use.event); }))
        return true;
    }
  }
  return false;
}

}  // namespace

bool Conflicts::releases_old(const State& state, FunctionId writer) const {
  const auto [known, fresh] = releasing_.try_emplace({&state, writer}, false);
  if (fresh) known->second = loses_old(program_, held_, shared_, state, writer, true);
  return known->second;
}

// Who replaces a reference is to blame, one mistake a way of doing it. Who holds a lock that the other side forgot is
// not: the reading side is told (Loads).
void Conflicts::references(const State& state) {
  std::set<std::pair<FunctionId, bool>> done;
  std::map<Mistake, Race> shown;
  for (const Access& store : state.accesses) {
    const bool initialises = shared_.only_initialises(store);
    if (!store.write || !done.emplace(store.site.function, initialises).second) continue;
    // What others write in the same place is told for that.
    if (initialises && std::ranges::any_of(state.accesses, [&](const Access& other) {
          return other.site == store.site && !shared_.only_initialises(other);
        }))
      continue;
    const auto here = [&](const Access& access) { return access.site.function == store.site.function; };
    const auto writes = [&](const Access& access) {
      return here(access) && access.locks.empty() && !access.unknown_lock &&
             shared_.only_initialises(access) == initialises;
    };
    std::optional<Race> race = pair(state, writes);
    if (!race) continue;
    const std::optional<Mistake> mistake = mistake_of(state, *race);
    if (!mistake) continue;
    // Two threads that get to the end together are both in here.
    if (mistake == Mistake::exhausted)
      if (const std::optional<Race> together = pair(state, writes, here)) race = together;
    const auto [known, made] = shown.emplace(*mistake, *race);
    const auto rank_of = [&](const Race& one) {
      return rank(*one.write, standing(state, *one.write), *one.other, standing(state, *one.other));
    };
    if (!made && rank_of(*race) > rank_of(known->second)) known->second = *race;
  }
  for (const auto& [mistake, race] : shown) {
    std::string lock = mistake == Mistake::double_checked ? race.write->locks[0] : "";
    report(mistake, state, race, std::move(lock));
  }
}

// How the writer of the pair goes about it; none where the second time changes nothing. What it tests becomes the other
// side.
std::optional<Mistake> Conflicts::mistake_of(const State& state, Race& race) const {
  const FunctionId writer = race.write->site.function;
  if (shared_.only_initialises(*race.write)) {
    // Nor is anything replaced that is filled only where it is unset.
    if (refuses_again(state, *race.write) || unset_test(state, *race.write) != nullptr) return std::nullopt;
    return Mistake::init_again;
  }
  const Access* test = unset_test(state, *race.write);
  if (test != nullptr && shared_.conflict(*race.write, *test)) {
    race.other = test;
    return !race.write->locks.empty() && !race.write->unknown_lock ? Mistake::double_checked : Mistake::first_use;
  }
  return shared_.only_iterates(writer) && loses_old(program_, held_, shared_, state, writer, false)
             ? Mistake::exhausted
             : Mistake::swapped_reference;
}

}  // namespace ftaudit::analysis
