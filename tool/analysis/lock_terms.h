// Lock terms: what the locks of each function are called, in terms of its own parameters and globals, before anybody
// knows which of them are held: the values of its locals, what it returns, the locks that a call names, the flags that
// it takes, and what an identity of a function is for one that calls it.
// Source: C API reference, synchronization; [stmt.dcl] for the initialisers of static locals.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analysis/claims.h"
#include "analysis/lies_in.h"
#include "analysis/values.h"
#include "analysis/worlds.h"

namespace ftaudit::analysis {

class FieldWrites;
class HandmadeLocks;
class SettledAnswers;

class LockTerms {
 public:
  LockTerms(const Program& program, const Suspension& suspension);
  ~LockTerms();

  const Values& values(FunctionId id) const;
  // What the function returns on every way that returns something, in its own terms; null where that is no one path.
  const Path* returned(FunctionId id) const;
  const Claims& claims() const { return claims_; }
  const FieldWrites& writes() const { return *writes_; }
  const HandmadeLocks& handmade() const { return *handmade_; }
  const SettledAnswers& settled() const { return *settled_; }
  // A plain number that somebody sets where it was found unset, and nobody to anything but 0 and one other number; by
  // FieldWrites::key.
  bool is_ready_flag(const std::string& key) const { return ready_flags_.contains(key); }
  // The static local, named as a flag, that the event is part of the initialiser of; "" for all other events. One
  // thread runs it, once, and all who come after wait until it is done ([stmt.dcl]).
  std::string initialised_by(FunctionId id, EventId event) const;
  // It locks or unlocks, itself or in what it calls.
  bool is_busy(FunctionId id) const { return busy_[id]; }

  // An identity of a callee in the terms of its caller at `call`; "" if it has no name there.
  std::string in_caller(FunctionId caller, EventId call, const std::string& identity) const;
  // An operand of a lock call: its identity, but of the lower and the higher of two objects that are both locked.
  std::string lock_named(FunctionId id, const model::Operand& operand, EventId at) const;
  // The locks that a lock call names, as `acquired` there; empty for calls that only release.
  Locks taken_by(FunctionId id, EventId call) const;

 private:
  void find_busy();
  void find_ready_flags();
  std::string captured_by(FunctionId caller, EventId call, std::uint32_t variable) const;
  std::string made_with(FunctionId caller, const std::string& name) const;
  std::string bound_in(FunctionId constructor, const std::string& field, int depth) const;

  const Program& program_;
  const Suspension& suspension_;
  mutable Per<FunctionId, std::unique_ptr<Values>> values_;
  mutable Per<FunctionId, std::unique_ptr<Path>> returned_;
  mutable Per<FunctionId, bool> returned_known_;
  Per<FunctionId, bool> busy_;  // functions that lock or unlock, or call one that does
  Claims claims_;
  std::unique_ptr<FieldWrites> writes_;
  std::set<std::string> no_locks_;  // classes whose lock() does nothing
  std::unique_ptr<HandmadeLocks> handmade_;
  std::unique_ptr<SettledAnswers> settled_;
  std::set<std::string> ready_flags_;
};

// Stores a constant other than 0 such that who finds it sees all that was done before.
bool publishes(const model::Event& event);

}  // namespace ftaudit::analysis
