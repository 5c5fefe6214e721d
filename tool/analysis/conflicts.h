// Conflicts: what goes wrong with shared state, one conflict a bug. Sorts the races of Shared by the mistake behind
// them (a cache filled on first use, a swapped reference, a forgotten lock, ...), puts together what one edit mends
// (the fields of a type that nobody locks, the globals that one line stores), and names everybody who takes part.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/counts.h"
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

// An access that takes part and lacks what would keep the others off.
struct Party {
  const State* state = nullptr;
  const Access* access = nullptr;
};

struct Conflict {
  Mistake mistake = Mistake::plain;
  const State* state = nullptr;
  Race race;                       // the pair that shows it best
  std::vector<const State*> also;  // other state that the same edit mends
  std::vector<Party> sides;        // everybody, in the order of the states; never empty
  std::size_t functions = 0;       // functions among them
  std::string lock;                // the lock that others hold, or most of them; "" where nobody holds any
  // Where the state is that of a body of code, many functions with static variables: the calls behind which all of it
  // lies. A lock around these ends the race, and no other edit does.
  std::vector<Site> boundary;
  bool releases = false;  // the old value is released or freed by who replaces it
  bool setting =
      false;  // numbers that one function sets, for others to go by from then on: old or new, both are values
  bool flag =
      false;  // constants that are stored, looked at, and measure nothing: who reads an old one is late, no more
  // The same of what is set and read for itself: numbers, pointers to constants. Or nobody reads it at all.
  bool late = false;
  bool told_again = false;      // behind the test of a flag something is said, and nothing done: it is said twice
  bool marked = false;          // ... a mark is set, or counted on: two threads go on as if each were the first
  bool guards_release = false;  // ... and what is given up behind the mark is given up twice
  bool grows = false;           // ... an element is hung into a list or tree that has none there yet
  bool same_again =
      false;  // filled on first use with an object that was there before: who comes second stores the same
};

class Conflicts {
 public:
  Conflicts(const Program& program, const Held& held, const Shared& shared, const std::vector<Count>& counts);
  const std::vector<Conflict>& all() const { return found_; }

  // A writer of the state releases the value that was in it before.
  bool releases_old(const State& state, FunctionId writer) const;
  // The test that decides about a store: the state itself was found unset. Null when there is none.
  const Access* unset_test(const State& state, const Access& store) const;

  // Of the pairs that nothing orders, the one that shows best what goes wrong: both beside each other for sure rather
  // than perhaps, doing harm rather than not. `writes` and `others` say who may be in it; null when there is none.
  using Wanted = std::function<bool(const Access&)>;
  std::optional<Race> pair(const State& state, const Wanted& writes = {}, const Wanted& others = {}) const;
  // The container that holds the state races itself, which is told: who has it to himself has what it holds.
  bool told_of_holder(const State& state) const;
  // Everybody at the states who is in a pair and does not hold `lock`.
  std::vector<Party> parties(const std::vector<const State*>& states, const std::string& lock) const;

 private:
  void globals();
  void join_counts();
  void global(const std::vector<const State*>& group);
  void part_of_global(const std::vector<const State*>& family);
  void field(const State& state);
  bool field(const State& state, const Wanted& wanted);
  bool elsewhere(const State& state, const std::string& lock, const Wanted& wanted);
  void references(const State& state);
  std::optional<Mistake> mistake_of(const State& state, Race& race) const;
  std::string usual_lock(const State& state) const;
  bool takes_next(const State& state, const Access& store) const;
  bool is_free_list(const State& state) const;
  bool carries_callback_argument(const State& state, const Access& store) const;
  bool is_left_for_a_call(const State& state, const Access& store) const;
  bool always_the_same(const State& state) const;
  bool refuses_again(const State& state, const Access& store) const;
  bool part_of_other_logic(const State& state, const Access& store) const;
  bool polled(const State& state) const;
  bool around_its_threads(const State& state, const Access& access) const;
  bool written_from_elsewhere(const State& state, FunctionId loops) const;
  bool is_setting(const State& state) const;
  bool decided_by_state(const State& state, FunctionId writer) const;
  bool looks_up(const Access& store) const;
  bool holds_what_stays(const State& state) const;
  bool bounds_something(const State& state) const;
  bool is_flag(const State& state) const;
  // What an old value does (late_readers.cpp).
  bool is_late_at_worst(const State& state) const;
  bool is_never_read(const State& state) const;
  bool is_for_tracebacks(const State& state) const;
  bool is_set_alone(const State& state) const;
  bool is_read_alone(const State& state, const Wanted& harmed) const;
  bool holds_constants(const State& state) const;
  bool stands_null(FunctionId id, EventId read) const;
  bool only_says(const State& state) const;
  bool is_marked(const State& state, const Access& store) const;
  bool grows(const State& state, const Access& store) const;
  bool guards_release(const Access& store) const;
  bool on_another(const State& state, const Access& access, bool same_type) const;
  const Access* test_before(const State& state, FunctionId id, EventId at) const;
  Conflict& report(Mistake mistake, const State& state, const Race& race, std::string lock = {});

  // What one edit mends (grouping.cpp).
  void group();
  void join_where_a_lock_is_forgotten();
  // One cause of many (boundaries.cpp).
  void join_behind_boundaries();
  using Leading = std::map<FunctionId, Per<FunctionId, bool>>;  // who gets to a function
  using Ways = std::set<std::pair<FunctionId, EventId>>;        // calls
  Ways ways_to(const Conflict& conflict, Leading& leading) const;
  bool changes_with_others(const Conflict& conflict) const;
  bool mended_together(const Conflict& a, const Conflict& b) const;
  std::vector<std::string> stored_at(const State& state) const;
  bool is_instance_of_same(const Conflict& a, const State& other) const;
  void join(Conflict& kept, Conflict found) const;
  void find_sides(Conflict& conflict) const;
  // What of an access decides how well a pair with it shows what goes wrong.
  struct Standing {
    bool runs = false;   // Python code or a thread of the project's gets there, not only __init__ or a stranger
    bool named = false;  // Python has a name for a way there
    bool sets = false;   // an attribute is assigned: the simplest call that anybody can write down
    int harm = 0;        // of a write
  };
  Standing standing(const State& state, const Access& access) const;
  static int rank(const Access& write, const Standing& of_write, const Access& other, const Standing& of_other);

  const Program& program_;
  const Held& held_;
  const Shared& shared_;
  const std::vector<Count>& counts_;  // told for themselves
  std::vector<Conflict> found_;
  mutable std::map<std::pair<const State*, FunctionId>, bool> releasing_;
};

}  // namespace ftaudit::analysis
