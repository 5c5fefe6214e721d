// Handmade locks: what keeps threads apart without being a lock of any library. A ticket lock: a thread draws a number
// from one counter and waits until another one calls it. The owner of a lock by its thread's number: who finds itself
// there has the lock already, and goes on. Here is which events take such a lock and which give it back. That everybody
// who writes to the counters, or to the owner, keeps to it is proved for the whole program before anything is said.
// Used by LockTerms, LockWalk, Shared. Source: ISO C11, 7.17.7; POSIX, pthread_self.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/worlds.h"

namespace ftaudit::analysis {

class FieldWrites;
class Program;
class Values;

struct HandmadeStep {
  bool takes = false;    // or gives it back
  bool outcome = false;  // of a compare event: when it comes out so; a write does it in any case
  Lock lock;             // in the function's terms
};

class HandmadeLocks {
 public:
  using ValuesOf = std::function<const Values&(FunctionId)>;
  using TakenBy = std::function<Locks(FunctionId, EventId)>;  // the locks that an event takes
  HandmadeLocks(const Program& program, const FieldWrites& writes, ValuesOf values, TakenBy taken_by);

  // Null for events that have nothing to do with such a lock.
  const HandmadeStep* at(FunctionId id, EventId event) const;
  bool is_in(FunctionId id) const { return !steps_[id].empty(); }
  // The read asks whether the running thread is the owner: whatever others write there, the answer stays the same.
  bool asks_owner(FunctionId id, EventId read) const { return asks_.contains({id, read}); }
  // The operand is a mutex that its owner takes as often as it likes.
  bool is_taken_again(FunctionId id, const model::Operand& mutex) const;

 private:
  struct Owned {        // by whose field
    Lock lock;          // `what` from the object on which the field is
    std::string mutex;  // whatever the object
    bool beside = false;
  };
  void ticket(FunctionId id, EventId compare);
  bool draws(const std::string& numbers, const std::string& called) const;
  bool calls(const std::string& called, const std::string& numbers) const;
  bool sets_up(FunctionId id, const std::string& key) const;
  void owner(FunctionId id, EventId compare);
  bool is_own_number(FunctionId id, const model::Operand& operand, EventId at, int copies = 0) const;
  const std::optional<Owned>& owned_by(const std::string& field);
  std::optional<Owned> find_owned(const std::string& field) const;
  Lock held_at(FunctionId id, EventId write, std::string& mutex) const;
  std::vector<std::pair<FunctionId, EventId>> releases_of(const std::string& mutex) const;
  bool counts_level(FunctionId id, EventId compare, bool outcome, const std::string& mutex) const;
  bool is_not_owner(FunctionId id, EventId at, const std::string& field) const;
  bool forgets_owner(const std::string& mutex, const std::string& field) const;
  void give_back_levels(const std::string& mutex);
  EventId read_of(FunctionId id, const model::Operand& operand, EventId at) const;

  const Program& program_;
  const FieldWrites& writes_;
  ValuesOf values_;
  TakenBy taken_by_;
  Per<FunctionId, std::map<EventId, HandmadeStep>> steps_;
  std::map<std::string, std::optional<Owned>> owned_;  // by the owner's field
  std::set<std::pair<FunctionId, EventId>> asks_;
  std::set<std::string> taken_again_;  // mutexes, whatever the object
};

}  // namespace ftaudit::analysis
