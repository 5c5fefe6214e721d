// Held: which locks are held just before each event. Locks are identities (a mutex, an object's critical section);
// guards release at the end of their scope; try-locks have two outcomes; what a function of the project locks, unlocks
// and returns counts for its callers; a helper holds what all its callers hold. `at` is must-hold: what one path does
// not hold is not held. Of nested critical sections only the innermost is sure, and none while the thread is detached.
// Calls that suspend a section give it back when they return: it is held after them, but `interrupted_between`.
// Source: C API reference, synchronization; HOWTO free-threading-extensions, "Critical Sections"; PEP 703.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/contexts.h"
#include "analysis/lock_terms.h"
#include "analysis/worlds.h"

namespace ftaudit::analysis {

// What a function holds on entry, on every way in; in terms of its parameters.
using Entered = std::function<Locks(FunctionId)>;

// What locks are called it knows as well.
class Held : public LockTerms {
 public:
  Held(const Program& program, const Suspension& suspension);
  ~Held();

  // Surely held just before `event`, callers' locks included.
  const Locks& at(FunctionId id, EventId event) const;
  // Open on some path there: suspended sections and locks that only one path takes included.
  const Locks& open_at(FunctionId id, EventId event) const;
  // On entry: what every way in holds, in terms of the parameters.
  const Locks& on_entry(FunctionId id) const;
  // From here on it answers for all ways into a function together.
  void join(Entered entered) { entered_ = std::move(entered); }

  // What is held at one point.
  struct Moment {
    Locks sure, open;
    Locks claims;                     // flags that are surely taken
    std::vector<std::string> passed;  // flags that are surely set, so that what was done before is to be seen; sorted
  };
  // What is held in a function that is entered with these locks, in terms of its parameters. Little changes from event
  // to event, so each different moment is kept once.
  struct Way {
    std::vector<Moment> moments;
    Per<EventId, std::uint32_t> moment;  // index into moments
    std::vector<Ending> endings;
    std::vector<Misuse> misuses;
    const Moment& at(EventId event) const { return moments[moment[event]]; }
    void keep(EventId event, Moment now);
  };
  const Way& way(FunctionId id, const Locks& entry) const;

  const std::vector<Ending>& endings(FunctionId id) const;
  const std::vector<Misuse>& misuses(FunctionId id) const;

  // On some path from just after `from` to `to`, on which the section stays open, a call may let it go for a while.
  bool interrupted_between(FunctionId id, const Lock& section, EventId from, EventId to) const;

  // What a call of the function comes to, in terms of its parameters and globals: one for each effect on locks.
  using Summary = std::vector<Ending>;
  const Summary& effects(FunctionId id) const;

 private:
  Summary summarised(const std::vector<Ending>& endings) const;
  static void note(const std::vector<World>& worlds, Way& way, EventId event);
  static bool on_every_way(const std::vector<World>& worlds, const Misuse& misuse);
  std::vector<Ending> flow(FunctionId id, const Locks& entry, Way* record) const;

  const Program& program_;
  const Suspension& suspension_;
  mutable Per<FunctionId, Summary> summaries_;
  mutable Per<FunctionId, std::uint8_t> summary_known_;  // 0 not asked, 1 being found, 2 found
  mutable Per<FunctionId, std::map<std::string, Way>> ways_;
  mutable Per<FunctionId, std::optional<Locks>> entry_;
  Entered entered_;
};

// The block ends in a `throw`: an exception is made, and control goes to the end of the function without a return.
bool throws(const model::Function& function, const model::Block& block);

}  // namespace ftaudit::analysis
