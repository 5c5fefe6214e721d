// Conflicts: what goes wrong with shared state, one conflict a bug. Sorts the races of Shared by the mistake behind
// them (a cache filled on first use, a swapped reference, a forgotten lock, ...), so that each is reported once, by one
// rule.
#pragma once

#include <string>
#include <vector>

#include "analysis/shared.h"

namespace ftaudit::analysis {

enum class Mistake : std::uint8_t {
  plain,              // read and written without anything
  first_use,          // tested and filled on first use
  double_checked,     // tested without the lock under which it is tested again and filled
  object_cache,       // a reference kept in a global or static, assigned while others may use it
  free_list,          // recycled objects or blocks, popped and pushed
  callback_argument,  // a global that carries an argument into a callback
  inconsistent,       // locked in most places
  mixed_atomic,       // atomic on one side, plain on the other
  stop_flag,          // polled by a loop
  gil_as_lock,        // native threads rely on being attached
  swapped_reference,  // an owned reference of an object is replaced
  exhausted,          // ... taken out and released at the end of an iteration
  init_again,         // __init__ on an object that others use already
  cursor,             // the position of an iterator
  buffer_count,       // what a buffer exporter counts
  second_object,      // the lock of another object of the type is held
  wrong_object,       // a critical section on something else is open
};

struct Conflict {
  Mistake mistake = Mistake::plain;
  const State* state = nullptr;
  Race race;
  std::vector<const State*> also;  // other state of the same owner with the same mistake
  std::size_t functions = 0;       // functions that take part
  std::string lock;                // of inconsistent: the lock most accesses hold
  bool releases = false;           // the old value is released or freed by who replaces it
  bool setting =
      false;  // numbers that one function sets, for others to go by from then on: old or new, both are values
  bool same_again =
      false;  // filled on first use with an object that was there before: who comes second stores the same
};

class Conflicts {
 public:
  Conflicts(const Program& program, const Held& held, const Shared& shared);
  const std::vector<Conflict>& all() const { return found_; }

  // A writer of the state releases the value that was in it before.
  bool releases_old(const State& state, FunctionId writer) const;
  // The test that decides about a store: the state itself was found unset. Null when there is none.
  const Access* unset_test(const State& state, const Access& store) const;

 private:
  void globals();
  void join_counts();
  void global(const std::vector<const State*>& group);
  void field(const State& state);
  void references(const State& state);
  void group_fields();
  std::string usual_lock(const State& state) const;
  bool takes_next(const State& state, const Access& store) const;
  bool is_free_list(const State& state) const;
  bool carries_callback_argument(const State& state, const Access& store) const;
  bool always_the_same(const State& state) const;
  bool refuses_again(const State& state, const Access& store) const;
  bool part_of_other_logic(const State& state, const Access& store) const;
  bool polled(const State& state) const;
  bool is_setting(const State& state) const;
  bool decided_by_state(const State& state, FunctionId writer) const;
  bool looks_up(const Access& store) const;
  bool bounds_something(const State& state) const;
  bool on_another(const State& state, const Access& access, bool same_type) const;
  const Access* test_before(const State& state, FunctionId id, EventId at) const;
  void report(Mistake mistake, const State& state, const Race& race);

  const Program& program_;
  const Held& held_;
  const Shared& shared_;
  std::vector<Conflict> found_;
};

}  // namespace ftaudit::analysis
