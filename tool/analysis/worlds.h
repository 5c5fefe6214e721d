// Worlds: what can be true at one point of a function, kept apart as far as locks make it matter. A try-lock has two
// outcomes, `if (x) lock()` two ways; a later test of the same value tells which of them one is in. Used by Held alone.
// Two ways with the same locks are one world, so there are as many worlds as there are sets of locks held.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/known.h"
#include "analysis/program.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

struct Lock {
  std::string what;   // identity of the mutex ("&p0->mu") or of the object whose section it is ("p0"); "?" when unknown
  std::string token;  // pairs acquire and release of guards; "" for plain mutexes
  capi::LockCall::Kind kind = capi::LockCall::Kind::native;
  EventId acquired = none;    // none: the caller holds it
  bool shared = false;        // a reader's
  bool recursive = false;     // its owner may take it again
  bool detached = false;      // waited for with the thread state let go
  std::uint32_t flag = none;  // a flag that was taken (Claims), which is no lock that anybody waits for
  bool operator==(const Lock& other) const { return what == other.what && token == other.token && kind == other.kind; }
};
using Locks = std::vector<Lock>;

// The same locks, and held in the same way: as the only one, or as one of the readers.
bool held_alike(const Locks& a, const Locks& b);

struct World {
  Locks open;                            // in the order they were taken, suspended sections included
  std::vector<std::string> released;     // taken by nobody here: the caller's
  std::vector<std::string> returned;     // flags that were taken by nobody here, and given back; sorted, as `released`
  std::map<std::uint32_t, Known> known;  // by subject
  Entry entry;                           // of places that callers can name
  bool detached = false;                 // from the interpreter: no section holds
  bool certain = true;                   // no ways were thrown together for their number
  std::vector<std::string> passed;       // flags that are known to be set, with all that came before them; sorted
  EventId leave = none;                  // the return it is behind
  bool alike(const World& other) const {
    return held_alike(open, other.open) && released == other.released && returned == other.returned &&
           detached == other.detached && leave == other.leave;
  }
};

// The token of a lock whose guard the function returns: what its callers do with the result gives it back.
inline constexpr const char* returned_guard = "returned";

// The token of a lock that the thread was found to have already, without having taken it there: nobody who finds that
// out has it to give back for that reason.
inline constexpr const char* held_before = "before";

// One way a function ends, and what it leaves behind.
struct Ending {
  EventId leave = none;               // the return; none when control runs off the end
  Locks open;                         // still held, callers' locks left out
  std::vector<std::string> released;  // of the callers'
  std::vector<std::string> returned;  // flags that callers had taken
  std::vector<std::string> passed;    // flags that are set then
  bool certain = true;                // this is one way through, not several thrown together
  bool has_result = false;
  Known result;
  std::vector<Need> needs;   // what must have been so on entry
  std::vector<Need> leaves;  // what the fields of the object are then whose member function it is
};

// A lock taken while it is held, or given back while it is not.
struct Misuse {
  EventId event = none;
  Lock lock;  // taken twice: the first time; given back: the lock, with its `acquired` none
  bool twice = false;
  bool every_way = false;  // on each path that gets there
};

inline bool is_claim(const Lock& lock) { return lock.flag != none; }

// The open locks that keep others out: all mutexes, and the innermost section of a thread that is attached.
Locks held_in(const World& world);
// A lock is held that no reader shares.
bool holds_alone(const World& world);
inline bool is_section(const Lock& lock) { return lock.kind == capi::LockCall::Kind::critical_section; }

// Keeps of the locks those that the others have too. What is held alone on one way is taken to be held so: who wants to
// write has perhaps made sure of it.
void keep_common(Locks& locks, const Locks& others);

// Names that both have; both sorted.
std::vector<std::string> common(const std::vector<std::string>& a, const std::vector<std::string>& b);

// Puts the world among the others; true when that says anything new.
bool add(std::vector<World>& worlds, World world);

}  // namespace ftaudit::analysis
