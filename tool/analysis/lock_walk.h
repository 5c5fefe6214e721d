// LockWalk: what one event does to the locks of a world. Used by Held, which walks the blocks and says what the
// functions that are called come to.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/entry_names.h"
#include "analysis/handmade_locks.h"
#include "analysis/lock_terms.h"

namespace ftaudit::analysis {

// Of each ending, by its `released`: the lock is found by way of the object whose member function the callee is.
std::vector<std::vector<bool>> given_back_by_object(const model::Function& callee, const std::vector<Ending>& endings);

class LockWalk {
 public:
  using Effect = std::vector<Ending>;  // what a function does
  // In the function's own terms.
  using Effects = std::function<const Effect&(FunctionId callee)>;

  // With `misuses`, locks taken twice or given back unheld are put there.
  LockWalk(const LockTerms& terms, Effects effects, const Program& program, FunctionId id);

  const Conditions& conditions() const { return conditions_; }
  // Goes on only if the compare event can come out like that. A lock that is held is not NULL.
  bool assume(World& world, EventId compare, bool outcome) const;
  // From the end of block `from` back to block `to`: others have had time to change what is in memory.
  void go_round(World& world, std::uint32_t from, std::uint32_t to) const;
  // The way around the initialiser of a static local: somebody has run it.
  void pass_initialised(World& world, const model::Block& block, std::size_t side) const;
  // The worlds after `event`: none for one that does not go on, two for a try-lock.
  std::vector<World> step(EventId event, const std::vector<World>& worlds);
  // Leaves out those that the callee has no way out for: it follows a pointer that is NULL there.
  void leave_stuck(EventId event, std::vector<World>& worlds);
  void record(std::vector<Misuse>* misuses) { misuses_ = misuses; }

 private:
  static void pass(World& world, std::string flag);
  // The atomic variable that is set, if the compare event comes out like that, and how it was read; none.
  EventId load_of_set(EventId compare, bool outcome) const;
  const std::set<std::int64_t>& unpublished(const std::string& key) const;
  bool locks_unless(const model::Place& mutex, EventId compare, bool outcome) const;
  bool locks_second(EventId compare, bool outcome) const;
  void call(EventId at, World world, std::vector<World>& out);
  void acquire(EventId at, const capi::LockCall& lock, World world, std::vector<World>& out);
  void release(EventId at, const capi::LockCall& lock, World& world);
  void project_call(EventId at, World world, std::vector<World>& out);
  void take(World& world, const Lock& lock);
  void claim(EventId at, World world, std::vector<World>& out) const;
  static void follow(World& world, const HandmadeStep& step);
  const std::string& plain_flag(EventId at) const;
  // Gives back what `matches`; the innermost only when it may be held more than once.
  template <class Matches> bool drop(World& world, Matches matches);
  // The same of a lock that goes by `what` where the callers are: they hear of one that was not taken here.
  template <class Matches> bool give_back(World& world, const std::string& what, Matches matches);
  static void note_callers(std::vector<std::string>& names, const std::string& what);
  // Another object gives the lock back from here on.
  static void hand_on(World& world, const std::string& from, const std::string& to);
  bool is_made_from_guard(EventId at, const capi::LockCall& lock) const;
  std::string guard_of(EventId at);
  // What holds a lock as long as it lives: an object of a class whose destructor gives back what a constructor took.
  bool makes_guard(FunctionId constructor);
  // An object of its own class that the event moves from; "" for none.
  std::string moved_from(EventId at);
  bool was_moved_from(EventId before, const std::string& object);
  // A library object that is given a guard keeps it: a pair, an optional.
  void keep_given(EventId at, World& world);
  // Smart pointers that somebody else is given, or what they lead to, may have let go of their guard at any time.
  void find_lent();
  void forget_lent(std::vector<World>& worlds);
  // The ways out of a callee, with locks that are given back by the object that it is a member function of.
  std::vector<const Ending*> ways_of(EventId at, FunctionId callee, const World& world);
  bool is_of_object(EventId at, const Ending& ending, std::size_t released);
  std::string stored_in(const model::Event& write) const;
  void misused(EventId at, const Lock& lock, bool twice);
  const std::string& operand(EventId at, int index);
  const Locks& named(EventId at);
  const Effect& effect(EventId at, FunctionId callee);
  const char* tag(const model::Event& event) const;

  const LockTerms& terms_;
  Effects effects_of_;
  const Program& program_;
  FunctionId id_;
  const model::Function& function_;
  Conditions conditions_;
  EntryNames names_;
  std::vector<Misuse>* misuses_ = nullptr;
  std::map<std::pair<EventId, int>, std::string> operands_;  // looked up once, however many worlds
  std::map<EventId, Locks> named_;
  std::map<EventId, Effect> effects_;
  std::map<EventId, std::vector<std::vector<bool>>> of_object_;  // of each effect, by its `released`
  std::map<FunctionId, bool> makes_guard_;
  std::optional<std::set<std::string>> lent_;                          // as tokens
  mutable std::map<std::string, std::set<std::int64_t>> unpublished_;  // by FieldWrites::key
  mutable std::map<EventId, std::string> plain_flags_;                 // by the compare or write event
};

}  // namespace ftaudit::analysis
