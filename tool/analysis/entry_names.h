// EntryNames: by which names the tests, reads, writes and calls of one function concern what it was entered with. Used
// by LockWalk: a way is left out when what it finds out cannot go with what is known already, as the way around
// `if (self->lock)` cannot once the function has followed the pointer.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/conditions.h"
#include "analysis/lock_terms.h"

namespace ftaudit::analysis {

// Of the fields of an object that only this function and the members it calls have in hand, a guard's, it knows what
// they have been set to as well.
class EntryNames {
 public:
  EntryNames(const LockTerms& terms, const Program& program, FunctionId id, const Conditions& conditions);

  // Somebody asks about the place; before the first event is looked at.
  void want(const std::string& place);
  // Looks where the function follows and changes what is wanted.
  void settle();

  // The compare event comes out like that; false where it cannot.
  bool assume(World& world, EventId compare, bool outcome) const;
  // What the event follows is not NULL; what it writes, or lets its callee write, is not what it was. False where it
  // would follow NULL: nobody gets further.
  bool pass(World& world, EventId event) const;
  // The call can end like that, whose needs are in this function's terms.
  bool meets(World& world, EventId call, const Ending& ending) const;
  // The call has ended like that: what it has set in its object is known.
  void leave(World& world, const Ending& ending) const;
  // The call gives what such a field holds: `operator bool` of a guard that knows whether it has the mutex.
  void answer(World& world, EventId call) const;
  // Once more round the loop from `first` up to `last`: what it asks for again, others have had time to change.
  void go_round(World& world, EventId first, EventId last) const;

 private:
  struct Touched {
    std::vector<std::string> followed, changed, set;
  };
  void want_own_fields();
  void note(const std::string& identity, Touched& touched) const;

  const LockTerms& terms_;
  const Program& program_;
  FunctionId id_;
  const model::Function& function_;
  const Conditions& conditions_;
  std::set<std::string> wanted_;
  std::map<EventId, std::string> asked_;  // per compare event
  std::map<EventId, Touched> touched_;
};

}  // namespace ftaudit::analysis
