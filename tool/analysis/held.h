// Held: which locks are surely held just before each event. Locks are identities (a mutex, an object's critical
// section); guards release at the end of their scope; functions of the project that only lock or only unlock count
// by what they do; a helper holds what all its callers hold. Must-hold: what one path does not hold is not held.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/contexts.h"
#include "analysis/values.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

struct Lock {
  std::string what;   // identity of the mutex ("&p0->mu") or of the object whose section it is ("p0"); "?" when unknown
  std::string token;  // pairs acquire and release of guards; "" for plain mutexes
  capi::LockCall::Kind kind = capi::LockCall::Kind::native;
  EventId acquired = none;  // none: the caller holds it
  bool operator==(const Lock& other) const { return what == other.what && token == other.token && kind == other.kind; }
};
using Locks = std::vector<Lock>;

class Held {
 public:
  Held(const Program& program, const Suspension& suspension, const Contexts& contexts, const std::vector<EntryPoint>& entries);
  ~Held();

  const Values& values(FunctionId id) const;
  // Just before `event`, caller's locks included.
  const Locks& at(FunctionId id, EventId event) const;
  // On entry: what every caller in the project holds, in terms of the parameters.
  const Locks& on_entry(FunctionId id) const;

 private:
  // What a call of the function leaves locked or unlocked, in terms of its parameters and globals.
  struct Summary {
    Locks acquired;
    std::vector<std::string> released;
  };
  const Summary& summary(FunctionId id) const;
  Summary flow(FunctionId id, const Locks& entry, std::vector<Locks>* before) const;
  void apply(FunctionId id, EventId event, Locks& held, std::vector<std::string>* released) const;
  Locks callers(FunctionId id) const;
  Locks seen_by_callee(FunctionId caller, EventId call, const Locks& held) const;
  static std::string translated(const std::string& identity, const std::vector<std::string>& arguments);

  const Program& program_;
  const Suspension& suspension_;
  const Contexts& contexts_;
  mutable std::vector<std::unique_ptr<Values>> values_;
  mutable std::vector<Summary> summaries_;
  mutable std::vector<std::uint8_t> summary_known_;  // 0 not asked, 1 being found, 2 found
  mutable std::vector<std::vector<Locks>> before_;   // per event, once asked
  mutable std::vector<Locks> entry_;
  mutable std::vector<std::uint8_t> entry_known_;  // 0 not asked, 1 being found, 2 found
  std::vector<bool> open_;                         // functions anybody may call
};

// "p0->items" is reached through "p0": a section on the object covers what hangs off it.
bool lies_in(const std::string& place, const std::string& object);

}  // namespace ftaudit::analysis
