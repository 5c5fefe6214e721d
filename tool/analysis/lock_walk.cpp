#include "analysis/lock_walk.h"

#include <algorithm>

#include "capi/lock_results.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

namespace {

constexpr std::ptrdiff_t most_times = 4;  // a recursive mutex in a loop is not counted for ever

// Guards that let the interpreter go are made and destroyed; the rest are calls.
enum class Thread { stays, detaches, attaches };
Thread thread_change(const Event& event) {
  const std::string& name = event.callee;
  if (name.ends_with("gil_scoped_release::gil_scoped_release")) return Thread::detaches;
  if (name.ends_with("gil_scoped_release::~gil_scoped_release")) return Thread::attaches;
  const capi::ThreadCall* call = capi::thread_call(name);
  if (call == nullptr) return Thread::stays;
  using Does = capi::ThreadCall::Does;
  return call->does == Does::detach                                 ? Thread::detaches
         : call->does == Does::attach || call->does == Does::ensure ? Thread::attaches
                                                                    : Thread::stays;
}

// What ends an attachment within a detached stretch: `with gil:` in `with nogil:`.
bool detaches_again(const model::Function& function, EventId at) {
  const capi::ThreadCall* call = capi::thread_call(function.events[at].callee);
  if (call == nullptr || call->does != capi::ThreadCall::Does::put_back ||
      thread_change(function.events[at]) != Thread::stays)
    return false;
  int depth = 0;
  for (EventId e; e < at; ++e) {
    if (!is_call(function.events[e])) continue;
    const Thread change = thread_change(function.events[e]);
    const capi::ThreadCall* before = capi::thread_call(function.events[e].callee);
    const bool ensures = before != nullptr && before->does == capi::ThreadCall::Does::ensure;
    if (change == Thread::detaches) ++depth;
    else if (change == Thread::attaches && !ensures && depth > 0) --depth;
  }
  return depth > 0;
}

bool asks_whether_held(const std::string& name) {
  return name == "std::unique_lock::owns_lock" || name == "std::unique_lock::operator conversion" ||
         name == "std::shared_lock::owns_lock" || name == "std::shared_lock::operator conversion";
}

bool moves_guard(const std::string& name) {
  return name.ends_with("unique_lock::operator=") || name.ends_with("shared_lock::operator=");
}

// The guard lets go of its mutex, which stays locked, and gives the pointer to it.
bool gives_mutex(const std::string& name) { return name.ends_with("_lock::release"); }

// `auto&& held = lock();`: the reference is no other object.
bool is_kept_by_reference(const model::Function& function, const Event& write) {
  if (write.place == none) return false;
  const model::Place& place = function.places[write.place];
  return place.root == model::Place::Root::variable && place.steps.empty() &&
         function.variables[place.variable].by_reference;
}

// "&v3.first" of "&v3": the guard lies in what is kept.
bool is_part(const std::string& what, const std::string& of) {
  return !of.empty() && what.size() > of.size() && what.starts_with(of) && what[of.size()] == '.';
}

// May come back without the lock: try-locks, and those whose other arguments say so.
bool may_fail(const LockCall& lock, const Event& event, const char* tag) {
  if (lock.does == LockCall::Does::try_acquire || std::string_view(tag) == "try_to_lock") return true;
  if (event.operands.size() < 2 || event.result_unused) return false;
  const Operand& how_long = event.operands[1];
  if (lock.taken_when == LockCall::Taken::one) return how_long.kind != Operand::Kind::number || how_long.number == 0;
  return lock.taken_when == LockCall::Taken::one_of_several;
}

}  // namespace

LockWalk::LockWalk(const LockTerms& terms, Effects effects, const Program& program, FunctionId id)
    : terms_(terms),
      effects_of_(std::move(effects)),
      program_(program),
      id_(id),
      function_(program.function(id)),
      conditions_(function_, program.flow(id)),
      names_(terms, program, id, conditions_) {
  for (const EventId e : function_.events.ids())
    if (const FunctionId callee = is_call(function_.events[e]) ? program_.find(function_.events[e].callee_key) : none;
        callee != none && callee != id_)
      for (const Ending& ending : effect(e, callee))
        for (const Need& need : ending.needs) names_.want(need.place);
  names_.settle();
}

std::vector<World> LockWalk::step(EventId at, const std::vector<World>& worlds) {
  std::vector<World> out;
  const Event& event = function_.events[at];
  if (event.kind == Event::Kind::read || event.kind == Event::Kind::compare) {
    out = worlds;
    std::erase_if(out, [&](World& world) { return !names_.pass(world, at); });
    if (event.kind == Event::Kind::compare)
      for (World& world : out) conditions_.note(world, at);
    return out;
  }
  for (World world : worlds) {
    if (!is_call(event) && !names_.pass(world, at)) continue;
    if (event.kind == Event::Kind::leave) world.leave = at;
    if (!event.operands.empty() && event.operands[0].kind == Operand::Kind::call && !world.open.empty()) {
      const std::string made = "c" + std::to_string(event.operands[0].event.n);
      if (event.kind == Event::Kind::leave) hand_on(world, made, returned_guard);
      else if (event.kind == Event::Kind::write && !gives_mutex(function_.events[event.operands[0].event].callee) &&
               !is_kept_by_reference(function_, event))
        hand_on(world, made, stored_in(event));
    }
    if (event.kind == Event::Kind::write) conditions_.change(world, at);
    if (publishes(event) && event.place != none)
      if (std::string flag = terms_.values(id_).identity(function_.places[event.place], at); !flag.empty())
        pass(world, "&" + flag);
    if (!is_call(event) && !world.open.empty() && event.kind == Event::Kind::write)
      if (const std::string& flag = plain_flag(at); !flag.empty() && holds_alone(world)) pass(world, flag);
    if (const HandmadeStep* handmade = terms_.handmade().at(id_, at);
        handmade != nullptr && event.kind == Event::Kind::write)
      follow(world, *handmade);
    if (is_call(event)) call(at, std::move(world), out);
    else if (terms_.claims().at(id_, at) != nullptr) claim(at, std::move(world), out);
    else add(out, std::move(world));
  }
  forget_lent(out);
  return out;
}

void LockWalk::call(EventId at, World world, std::vector<World>& out) {
  const Event& event = function_.events[at];
  conditions_.change(world, at);
  if (capi::runs_once(event.callee)) pass(world, operand(at, 0));
  if (event.once) pass(world, terms_.initialised_by(id_, at));
  const LockCall* lock = program_.lock_call(event.callee);
  if (lock != nullptr && lock->kind == LockCall::Kind::file) lock = nullptr;
  const bool ours = lock == nullptr && !event.callee_key.text.empty() && program_.find(event.callee_key) != none;
  if (!ours && !names_.pass(world, at)) return;
  if (lock != nullptr) {
    if (lock->does != LockCall::Does::release) return acquire(at, *lock, std::move(world), out);
    release(at, *lock, world);
  } else if (!ours) {
    if (capi::never_returns(event.callee)) return;
    keep_given(at, world);
    if (const Thread change = thread_change(event); change != Thread::stays)
      world.detached = change == Thread::detaches;
    else if (detaches_again(function_, at)) world.detached = true;
    if (moves_guard(event.callee) && event.operands.size() > 1) {
      const std::string own = operand(at, 0);
      drop(world, [&](const Lock& lock) { return lock.token == own; });
      hand_on(world, operand(at, 1), own);
    } else if (gives_mutex(event.callee)) {
      // The mutex that it gives back is unlocked by that pointer, or it is not for us to say by whom.
      hand_on(world, operand(at, 0), event.result_unused ? "" : "c" + std::to_string(at.n));
    }
    if (asks_whether_held(event.callee)) {
      const std::string& token = operand(at, 0);
      conditions_.learn(
          world, at,
          {std::none_of(world.open.begin(), world.open.end(), [&](const Lock& one) { return one.token == token; }), 0});
    }
  } else {
    return project_call(at, std::move(world), out);
  }
  add(out, std::move(world));
}

void LockWalk::acquire(EventId at, const LockCall& lock, World world, std::vector<World>& out) {
  const Event& event = function_.events[at];
  const bool makes_guard = lock.token >= 0 && lock.lock >= 1;
  if (makes_guard && static_cast<std::size_t>(lock.lock) >= event.operands.size()) {  // made without a mutex
    add(out, std::move(world));
    return;
  }
  if (is_made_from_guard(at, lock)) {
    hand_on(world, operand(at, lock.lock), guard_of(at));
    add(out, std::move(world));
    return;
  }
  const std::string_view how = tag(event);
  if (how == "defer_lock") {
    add(out, std::move(world));
    return;
  }
  if (how == "adopt_lock")  // held already: from here on by the guard
    for (const Lock& taken : named(at)) drop(world, [&](const Lock& other) { return other.what == taken.what; });
  using Taken = LockCall::Taken;
  const bool one = lock.taken_when == Taken::one || lock.taken_when == Taken::one_of_several;
  const Known success = one ? Known{true, 1} : Known{lock.taken_when == Taken::zero, 0};
  if (may_fail(lock, event, tag(event))) {
    World without = world;
    // A wait with a time limit that is interrupted gives neither 0 nor 1.
    const std::optional<std::int64_t> failed =
        lock.taken_when == Taken::zero ? capi::result_without_lock(event.callee) : std::nullopt;
    conditions_.learn(without, at,
                      failed                                     ? Known{true, *failed}
                      : lock.taken_when == Taken::one_of_several ? Known{false, 1}
                                                                 : Known{lock.taken_when != Taken::zero, 0});
    add(out, std::move(without));
    const auto is_held = [&](const Lock& taken) {
      return std::any_of(world.open.begin(), world.open.end(),
                         [&](const Lock& open) { return open.what == taken.what && open.kind == taken.kind; });
    };
    if (std::any_of(named(at).begin(), named(at).end(), [&](const Lock& taken) {
          return taken.what != "?" && !taken.recursive && !taken.shared && is_held(taken);
        }))
      return;
  }
  conditions_.learn(world, at, success);
  for (const Lock& taken : named(at)) take(world, taken);
  add(out, std::move(world));
}

void LockWalk::take(World& world, const Lock& lock) {
  if (is_section(lock)) {
    // SECTION2 takes two under one token; the same token again is a section that was not ended.
    const auto before = std::find_if(world.open.begin(), world.open.end(), [&](const Lock& other) {
      return is_section(other) && !lock.token.empty() && other.token == lock.token;
    });
    if (before != world.open.end() &&
        std::any_of(before, world.open.end(), [&](const Lock& other) { return other == lock; })) {
      misused(lock.acquired, *before, true);
      const std::string token = lock.token;
      std::erase_if(world.open, [&](const Lock& other) { return other.token == token && other == lock; });
    }
    world.open.push_back(lock);
    return;
  }
  const auto same = [&](const Lock& other) {
    return lock.what == "?" ? other == lock : other.what == lock.what && other.kind == lock.kind;
  };
  const auto first = std::find_if(world.open.begin(), world.open.end(), same);
  if (first == world.open.end()) {
    world.open.push_back(lock);
    world.open.back().detached = world.detached;
    return;
  }
  if (lock.recursive && (!lock.shared || first->shared)) {
    if (std::count_if(world.open.begin(), world.open.end(), same) < most_times) world.open.push_back(lock);
  } else if (lock.what != "?") {
    misused(lock.acquired, *first, true);
  }
}

template <class Matches> bool LockWalk::drop(World& world, Matches matches) {
  const auto last = std::find_if(world.open.rbegin(), world.open.rend(), matches);
  if (last == world.open.rend()) return false;
  if (last->recursive) world.open.erase(std::next(last).base());
  else std::erase_if(world.open, matches);
  return true;
}

template <class Matches> bool LockWalk::give_back(World& world, const std::string& what, Matches matches) {
  const auto last = std::find_if(world.open.rbegin(), world.open.rend(), matches);
  if (last == world.open.rend() || last->token == held_before) note_callers(world.released, what);
  return drop(world, matches);
}

void LockWalk::note_callers(std::vector<std::string>& names, const std::string& what) {
  if (!what.starts_with("p") && !what.starts_with("g") && !what.starts_with("&p") && !what.starts_with("&g")) return;
  const auto at = std::lower_bound(names.begin(), names.end(), what);
  if (at == names.end() || *at != what) names.insert(at, what);
}

// The one is the pointer that has the guard, by what it points to; the other by where it is itself.
static bool keeps(const std::string& pointer, const std::string& place) {
  return !pointer.empty() && place.size() == pointer.size() + 1 && place[0] == '&' && place.ends_with(pointer);
}

void LockWalk::release(EventId at, const LockCall& call, World& world) {
  const bool by_token = call.token >= 0;
  const std::string what = operand(at, by_token ? call.token : call.lock);
  const bool found = give_back(world, what, [&](const Lock& lock) {
    return by_token
               ? lock.token == what || is_part(what, lock.token) || keeps(what, lock.token) || keeps(lock.token, what)
           : what.empty() ? lock.kind == call.kind
                          : lock.what == what || lock.token == what;  // by the pointer that a guard gave away
  });
  if (!found && !what.empty() && !by_token) misused(at, {what, "", call.kind, none}, false);
}

void LockWalk::project_call(EventId at, World world, std::vector<World>& out) {
  const FunctionId callee = program_.find(function_.events[at].callee_key);
  const bool constructs = program_.function(callee).is_constructor;
  const std::string from = world.open.empty() ? "" : moved_from(at);
  if (constructs) hand_on(world, from, guard_of(at));
  const Effect* effects = callee == id_ ? nullptr : &effect(at, callee);
  if (effects == nullptr || effects->empty()) {
    if (!names_.pass(world, at)) return;
    if (effects != nullptr) names_.answer(world, at);
    add(out, std::move(world));
    return;
  }
  const std::string& object = operand(at, 0);
  const auto is_object = [&](const Lock& lock) { return !object.empty() && lock.token == object; };
  for (const Ending* ending : ways_of(at, callee, world)) {
    World after = world;
    if (!names_.meets(after, at, *ending) || !names_.pass(after, at)) continue;
    for (std::size_t i = 0; i < ending->released.size(); ++i) {
      const std::string& what = ending->released[i];
      if (is_of_object(at, *ending, i) && (drop(after, is_object) || was_moved_from(at, object))) continue;
      give_back(after, what,
                [&](const Lock& lock) { return lock.what == what || (!lock.token.empty() && lock.token == what); });
    }
    for (const std::string& what : ending->returned)
      if (std::erase_if(after.open, [&](const Lock& lock) { return is_claim(lock) && lock.what == what; }) == 0)
        note_callers(after.returned, what);
    for (const Lock& lock : ending->open) {
      Lock taken = lock;
      if (constructs && !is_claim(lock) && !is_section(lock) && makes_guard(callee)) taken.token = guard_of(at);
      if (!is_claim(lock)) take(after, taken);
      else if (std::find(after.open.begin(), after.open.end(), lock) == after.open.end()) after.open.push_back(lock);
    }
    if (!constructs) hand_on(after, from, object);
    if (ending->has_result) conditions_.learn(after, at, ending->result);
    names_.leave(after, *ending);
    after.certain &= ending->certain;
    for (const std::string& flag : ending->passed) pass(after, flag);
    add(out, std::move(after));
  }
}

void LockWalk::leave_stuck(EventId at, std::vector<World>& worlds) {
  const Event& event = function_.events[at];
  const FunctionId callee = is_call(event) ? program_.find(event.callee_key) : none;
  if (callee == none || callee == id_) return;
  const Effect& effects = effect(at, callee);
  if (effects.empty()) return;
  std::erase_if(worlds, [&](const World& world) {
    return std::none_of(effects.begin(), effects.end(), [&](const Ending& ending) {
      World after = world;
      return names_.meets(after, at, ending);
    });
  });
}

// Empty when the callee leaves all locks as they were.
const LockWalk::Effect& LockWalk::effect(EventId at, FunctionId callee) {
  const auto [it, is_new] = effects_.try_emplace(at);
  if (!is_new) return it->second;
  Effect found = effects_of_(callee);
  if (std::all_of(found.begin(), found.end(), [](const Ending& ending) {
        return ending.open.empty() && ending.released.empty() && ending.returned.empty() && ending.passed.empty();
      }))
    return it->second;
  of_object_.emplace(at, given_back_by_object(program_.function(callee), found));
  for (Ending& ending : found) {
    for (Lock& lock : ending.open) {
      if (lock.what != "?") lock.what = terms_.in_caller(id_, at, lock.what);
      if (lock.what.empty()) lock.what = "?";
      if (lock.token == returned_guard) lock.token = "c" + std::to_string(at.n);
      else if (lock.token != held_before) lock.token = terms_.in_caller(id_, at, lock.token);
      lock.acquired = at;
    }
    std::erase_if(ending.open, [](const Lock& lock) { return is_claim(lock) && lock.what == "?"; });
    for (std::string& what : ending.released) what = terms_.in_caller(id_, at, what);
    for (std::string& what : ending.returned) what = terms_.in_caller(id_, at, what);
    for (std::string& what : ending.passed) what = terms_.in_caller(id_, at, what);
    for (Need& left : ending.leaves) left.place = terms_.in_caller(id_, at, left.place);
    for (Need& need : ending.needs) {
      if (need.place.find_first_of("*.[") == std::string::npos && need.place.starts_with('p'))
        need.argument = std::stoi(need.place.substr(1));
      need.place = terms_.in_caller(id_, at, need.place);
    }
  }
  return it->second = std::move(found);
}

void LockWalk::misused(EventId at, const Lock& lock, bool twice) {
  if (misuses_ == nullptr) return;
  if (std::none_of(misuses_->begin(), misuses_->end(), [&](const Misuse& known) {
        return known.event == at && known.twice == twice && known.lock == lock;
      }))
    misuses_->push_back({at, lock, twice, false});
}

const std::string& LockWalk::operand(EventId at, int index) {
  const auto [it, is_new] = operands_.try_emplace({at, index});
  const Event& event = function_.events[at];
  if (is_new && index >= 0 && index < static_cast<int>(event.operands.size()))
    it->second = terms_.lock_named(id_, event.operands[static_cast<std::size_t>(index)], at);
  return it->second;
}

const Locks& LockWalk::named(EventId at) {
  const auto [it, is_new] = named_.try_emplace(at);
  if (is_new) it->second = terms_.taken_by(id_, at);
  return it->second;
}

}  // namespace ftaudit::analysis
