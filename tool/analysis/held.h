// Held: which locks are held just before each event. Locks are identities (a mutex, an object's critical section);
// guards release at the end of their scope; try-locks have two outcomes; what a function of the project locks, unlocks
// and returns counts for its callers; a helper holds what all its callers hold. `at` is must-hold: what one path does
// not hold is not held. Of nested critical sections only the innermost is sure, and none while the thread is detached.
// Calls that suspend a section give it back when they return: it is held after them, but `interrupted_between`.
// Source: C API reference, synchronization; HOWTO free-threading-extensions, "Critical Sections"; PEP 703.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/claims.h"
#include "analysis/contexts.h"
#include "analysis/values.h"
#include "analysis/worlds.h"

namespace ftaudit::analysis {

// One way a function ends, and what it leaves behind.
// The token of a lock whose guard the function returns: what its callers do with the result gives it back.
inline constexpr const char* returned_guard = "returned";

struct Ending {
  EventId leave = none;               // the return; none when control runs off the end
  Locks open;                         // still held, callers' locks left out
  std::vector<std::string> released;  // of the callers'
  std::vector<std::string> returned;  // flags that callers had taken
  std::vector<std::string> passed;    // flags that are set then
  bool certain = true;                // this is one way through, not several thrown together
  bool has_result = false;
  Known result;
};

// A lock taken while it is held, or given back while it is not.
struct Misuse {
  EventId event = none;
  Lock lock;  // taken twice: the first time; given back: the lock, with its `acquired` none
  bool twice = false;
  bool every_way = false;  // on each path that gets there
};

class Views;

class Held {
 public:
  Held(const Program& program, const Suspension& suspension);
  ~Held();

  const Values& values(FunctionId id) const;
  // What the function returns on every way that returns something, in its own terms; null where that is no one path.
  const Path* returned(FunctionId id) const;
  // Surely held just before `event`, callers' locks included.
  const Locks& at(FunctionId id, EventId event) const;
  // Open on some path there: suspended sections and locks that only one path takes included.
  const Locks& open_at(FunctionId id, EventId event) const;
  // On entry: what every way in holds, in terms of the parameters.
  const Locks& on_entry(FunctionId id) const;
  // From here on it answers for all ways into a function together.
  void join(const Views& views) { views_ = &views; }

  // What is held in a function that is entered with these locks, in terms of its parameters.
  struct Way {
    std::vector<Locks> sure, open;  // per event
    std::vector<Locks> claims;      // per event: flags that are surely taken
    // Per event: flags that are surely set, so that what was done before they were is to be seen; sorted.
    std::vector<std::vector<std::string>> passed;
    std::vector<Ending> endings;
    std::vector<Misuse> misuses;
  };
  const Way& way(FunctionId id, const Locks& entry) const;
  const Claims& claims() const { return claims_; }
  // The static local, named as a flag, that the event is part of the initialiser of; "" for all other events. One
  // thread runs it, once, and all who come after wait until it is done ([stmt.dcl]).
  std::string initialised_by(FunctionId id, EventId event) const;
  // It locks or unlocks, itself or in what it calls.
  bool is_busy(FunctionId id) const { return busy_[id]; }

  const std::vector<Ending>& endings(FunctionId id) const;
  const std::vector<Misuse>& misuses(FunctionId id) const;

  // On some path from just after `from` to `to`, on which the section stays open, a call may let it go for a while.
  bool interrupted_between(FunctionId id, const Lock& section, EventId from, EventId to) const;

  // An identity of a callee in the terms of its caller at `call`; "" if it has no name there.
  std::string in_caller(FunctionId caller, EventId call, const std::string& identity) const;
  // The locks that a lock call names, as `acquired` there; empty for calls that only release.
  Locks taken_by(FunctionId id, EventId call) const;

  // What a call of the function comes to, in terms of its parameters and globals: one for each effect on locks.
  using Summary = std::vector<Ending>;
  const Summary& effects(FunctionId id) const;

 private:
  Summary summarised(const std::vector<Ending>& endings) const;
  static void note(const std::vector<World>& worlds, Way& way, EventId event);
  static bool on_every_way(const std::vector<World>& worlds, const Misuse& misuse);
  std::vector<Ending> flow(FunctionId id, const Locks& entry, Way* record) const;
  void find_busy();

  const Program& program_;
  const Suspension& suspension_;
  mutable std::vector<std::unique_ptr<Values>> values_;
  mutable std::vector<std::unique_ptr<Path>> returned_;
  mutable std::vector<bool> returned_known_;
  mutable std::vector<Summary> summaries_;
  mutable std::vector<std::uint8_t> summary_known_;  // 0 not asked, 1 being found, 2 found
  mutable std::vector<std::map<std::string, Way>> ways_;
  mutable std::vector<std::optional<Locks>> entry_;
  const Views* views_ = nullptr;
  std::vector<bool> busy_;  // functions that lock or unlock, or call one that does
  Claims claims_;
};

// Stores a constant other than 0 such that who finds it sees all that was done before.
bool publishes(const model::Event& event);

// The block ends in a `throw`: an exception is made, and control goes to the end of the function without a return.
bool throws(const model::Function& function, const model::Block& block);

// "p0->items" is reached through "p0": a section on the object covers what hangs off it.
bool lies_in(const std::string& place, const std::string& object);

}  // namespace ftaudit::analysis
