// Shared: state that several threads may be at, and who is there holding what. For each global, static local and object
// field of the project: every access that can run beside others, with the locks surely held in terms that can be
// compared between functions. Knows no rule: what kind of bug a conflict is, rules say.
// Source of what is concurrent: hazard contexts as in contexts.h; PEP 703; C11 and C++11 memory model (conflicting
// actions).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/lock_keys.h"
#include "analysis/ownership.h"
#include "analysis/target.h"

namespace ftaudit::analysis {

struct Access {
  Site site;
  bool write = false;
  bool atomic = false;
  bool tested = false;             // a reference that is only compared: nobody follows it
  std::string base;                // the object it is a field of, in the function's own terms ("p0"); "" for globals
  Origin origin;                   // of that object
  std::vector<std::string> locks;  // comparable between accesses of one state: "section" (of the object), "&mu", "&g3"
  bool unknown_lock = false;       // something is held that cannot be named here
  bool other_lock = false;         // something is held that protects another object
};

struct State {
  using Kind = Target::Kind;
  Kind kind = Kind::global;
  model::GlobalId global{none};  // of a global or static local
  std::string record, field;     // of a field: the record and the chain of fields in it ("pos.x")
  bool contents = false;         // what a pointer in it leads to, not the pointer
  bool container =
      false;  // what a container object in it holds; each call is safe by itself, emptying it for one's own use is not
  bool module_state = false;  // the record is what PyModule_GetState returns
  model::Type type;
  std::string name;              // "cache", "cache.count", "Counter.items"
  std::vector<Access> accesses;  // those of functions that can run beside others, on objects that others can hold
};

// Two accesses of one state that nothing orders, one of them a write.
struct Race {
  const Access* write = nullptr;
  const Access* other = nullptr;  // may be the write itself: two threads in the same function
};

class Shared {
 public:
  Shared(const Program& program, const Contexts& contexts, const Held& held, const Ownership& ownership,
         const std::vector<EntryPoint>& entries);

  const std::vector<State>& states() const { return states_; }
  // Containers, strings and smart pointers of the C++ library: calls of their members, and calls that they are passed
  // to.
  const std::vector<State>& cxx_containers() const { return containers_.states; }
  // The state that an operand of the function reads at `at`, or null when it is nobody's or private.
  const State* state_of(FunctionId id, const model::Operand& operand, EventId at) const;

  // a and b can be made by two threads at once on the same object, and no lock keeps them apart.
  bool conflict(const Access& a, const Access& b) const;
  // The pair that shows it best: `choose` ranks writes (higher first); null when every pair is ordered.
  std::optional<Race> race(const State& state, const std::function<bool(const Access&)>& wanted = {}) const;

  // Only __init__ (and what it calls) gets here, or also __new__.
  bool only_initialises(FunctionId id) const {
    return (reach_[id] & ~(by_init_slot | by_new | by_module_init | by_takedown)) == 0 &&
           (reach_[id] & by_init_slot) != 0;
  }
  bool only_iterates(FunctionId id) const { return (reach_[id] & ~by_next) == 0 && reach_[id] != 0; }
  bool only_exports_buffers(FunctionId id) const { return (reach_[id] & ~by_buffer) == 0 && reach_[id] != 0; }
  bool deallocates(FunctionId id) const { return (reach_[id] & by_takedown) != 0; }
  // Native threads get here.
  bool on_native_thread(FunctionId id) const { return (reach_[id] & by_thread) != 0; }

 private:
  static constexpr std::uint16_t by_python = 1, by_init_slot = 2, by_new = 4, by_next = 8, by_buffer = 16,
                                 by_thread = 32, by_takedown = 64, by_export = 128, by_module_init = 256;
  void spread(FunctionId from, std::uint16_t kind);
  void find_module_states();
  void collect(FunctionId id);
  // States by the key of what they are.
  struct Listing {
    std::map<std::string, std::uint32_t> by_key;
    std::vector<State> states;
  };
  void add(FunctionId id, EventId event, const Path& path, bool write, bool atomic, bool contents);
  void enter(std::map<std::string, std::uint32_t>& by_key, std::vector<State>& states, FunctionId id, EventId event,
             const Path& path, bool write, bool atomic, bool contents);
  void collect_containers(FunctionId id);
  enum class Touch : std::uint8_t { none, read, write };
  Touch touch(const model::Event& event, std::size_t operand, int depth) const;
  Touch touch_in(FunctionId callee, std::uint32_t parameter, int depth) const;
  Origin origin_of(FunctionId id, const Path& path, std::size_t steps) const;
  void containers(FunctionId id, EventId event);
  bool uses_before(FunctionId id, EventId event, const State& state) const;

  const Program& program_;
  const Contexts& contexts_;
  const Held& held_;
  const Ownership& ownership_;
  Targets targets_;
  LockKeys lock_keys_;
  std::vector<std::uint16_t> reach_;
  std::map<std::string, bool> module_states_;
  std::map<std::string, std::uint32_t> by_key_;
  std::vector<State> states_;
  Listing containers_;
};

}  // namespace ftaudit::analysis
