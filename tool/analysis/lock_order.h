// Lock order: which lock is taken while which other one is held, anywhere in the program, callees included; and the
// circles in it. Locks are those of lock_names: two instances of one field are one lock, which makes a circle of its
// own. Critical sections let go before they wait for each other or for a PyMutex; only a native lock makes them count.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct Ordered {
  std::string first, second;  // names
  std::string first_text, second_text;
  Site held_since,
      taken;    // where the first one was taken; where, with it held, the second one is (or a call that does)
  Site inside;  // the acquisition itself, when `taken` is a call
  std::vector<std::string> held;  // names of all that was held
  bool either_way = true;         // of two instances: nothing tells which is taken first
};

// A lock that is taken, in a call, by a thread that holds it.
struct Again {
  Site call;
  Lock held;
  Site taken;
  bool sure = true;  // of an array of locks it may be another one
};

class LockOrder {
 public:
  explicit LockOrder(const Audit& audit);
  std::uint64_t looked_at() const { return looked_at_; }
  // Circles, each once: the orders that make it up, one after the other. Two instances of a field: one order.
  std::vector<std::vector<Ordered>> circles() const;
  const std::vector<Again>& again() const { return again_; }

 private:
  struct Taken {
    std::string name, what;  // `what` in terms of the function it is kept for
    Site site;
    capi::LockCall::Kind kind;
    bool shared = false, recursive = false;
  };
  const std::vector<Taken>& taken_in(FunctionId id, int depth);
  std::vector<Taken> taken_at(FunctionId id, EventId at, int depth);
  std::string name_of(FunctionId id, const Lock& lock) const;
  void order(FunctionId id, EventId at, const Lock& held, const Taken& taken, const Locks& all);
  bool compares_addresses(FunctionId id) const;
  bool given_back_before(const Taken& taken) const;

  const Audit& audit_;
  std::uint64_t looked_at_ = 0;
  std::map<FunctionId, std::vector<Taken>> taken_;
  std::vector<Again> again_;
  std::map<std::pair<std::string, std::string>, Ordered> orders_;
};

// The callee that has left the lock to its caller took it twice: whoever got there waits there for ever, and the second
// time is told there.
bool is_left_by_slip(const Audit& audit, FunctionId id, const Lock& held, int depth = 0);

}  // namespace ftaudit::analysis
