// Lock names: what to call a lock in a message, and which lock of the whole program it is: the global, or the field of
// whatever object. Two instances of one field share a name, as they share the code that takes them.
#pragma once

#include <set>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

// "self->mu", as its acquisition has it; "the lock that enter() takes".
std::string lock_text(const Audit& audit, FunctionId id, const Lock& lock);

// "Counter.mu", "cache_lock"; "" for a lock that only this function knows, or that has no name.
std::string lock_name(const Audit& audit, FunctionId id, const Lock& lock);
// Of the operand of a lock call.
std::string lock_name(const Audit& audit, FunctionId id, const model::Operand& operand);

// The mutex is a variable of this call alone.
bool is_own(const Audit& audit, FunctionId id, const Lock& lock);

// The locks that some thread may wait for, once what they are part of is in use: who only tries one does not wait, and
// while an object is being initialised, or taken down, nobody else has its lock.
class Waited {
 public:
  explicit Waited(const Audit& audit);
  // Also for a lock that cannot be told from others.
  bool contains(FunctionId id, const Lock& lock) const {
    return is_in(fields_, id, lock) || is_in(by_finalizers_, id, lock);
  }
  // Nobody waits for it but finalizers of other objects, detached: it takes the last reference to one of these to go
  // where the lock is held.
  bool only_by_finalizers(FunctionId id, const Lock& lock) const { return !is_in(fields_, id, lock); }
  // By a thread that keeps its thread state while it waits.
  bool while_attached(FunctionId id, const Lock& lock) const { return is_in(attached_, id, lock); }

 private:
  std::string field(FunctionId id, const Lock& lock) const;

  bool is_in(const std::set<std::string>& fields, FunctionId id, const Lock& lock) const;
  bool is_nobody_elses(const Site& site) const;

  const Audit& audit_;
  std::set<std::string> fields_, attached_, by_finalizers_;
};

// What is taken there lies in the object that it is a member of, or is what a library made when it was asked for one:
// no pointer that other objects have as well.
bool is_made_for_its_owner(const Audit& audit, const Site& acquired);

// The call takes a lock without waiting for it, or none.
bool only_tries(const model::Function& function, const model::Event& call, const Program& program);

// The operands of an acquisition that name its locks, in order.
std::vector<model::Operand> lock_operands(const Audit& audit, FunctionId id, EventId acquired);

}  // namespace ftaudit::analysis
