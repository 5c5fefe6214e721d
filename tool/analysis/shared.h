// Shared: state that several threads may be at, and who is there holding what. For each global, static local and object
// field of the project: every access that can run beside others, with the locks surely held in terms that can be
// compared between functions. Knows no rule: what kind of bug a conflict is, rules say.
// Source of what is concurrent: hazard contexts as in contexts.h; PEP 703; C11 and C++11 memory model (conflicting
// actions).
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/allocation.h"
#include "analysis/contract.h"
#include "analysis/library_calls.h"
#include "analysis/ready_flags.h"
#include "analysis/target.h"
#include "analysis/views.h"

namespace ftaudit::analysis {

// One event in one view of its function.
struct Access {
  Site site;
  ViewId view = none;          // as whom it is reached (Shared::views)
  std::vector<ViewId> others;  // and as whom besides, with nothing that tells them apart
  bool write = false;
  bool atomic = false;
  bool tested = false;             // a reference that is only compared: nobody follows it
  std::string base;                // the object it is a field of, in the view's terms ("r0"); "" for globals
  Origin origin;                   // of that object
  std::string holder;              // the field whose pointer leads to it ("Counter.items"); "" where none does
  std::string tree;                // the first field on the way to it, where the lock of an object on that way is held
  std::vector<std::string> locks;  // comparable between accesses of one state: "section" (of the object), "&mu", "&g3"
  std::vector<std::string> readers;  // held for reading, beside others; those of a write are not among `locks`
  std::vector<std::pair<std::uint32_t, std::string>> claims;  // flags that are taken, until they are settled
  // Flags, named as locks are, that are set when it is done, or after it on every way; and once flags whose initialiser
  // it is part of.
  std::vector<std::string> after, before, once;
  bool unknown_lock = false;  // something is held that cannot be named here
  bool other_lock = false;    // something is held that protects another object
  bool contract = false;      // the type's contract keeps it from others that go by it

  bool only_reads_under(const std::string& lock) const {
    return std::find(readers.begin(), readers.end(), lock) != readers.end();
  }
  bool is_locked_as(const Access& other) const {
    return locks == other.locks && readers == other.readers && unknown_lock == other.unknown_lock;
  }
  bool is_found_as(const Access& other) const { return holder == other.holder && tree == other.tree; }
  bool is_ordered_as(const Access& other) const {
    return after == other.after && before == other.before && once == other.once;
  }
};

struct State {
  using Kind = Target::Kind;
  Kind kind = Kind::global;
  model::GlobalId global{none};  // of a global or static local
  std::string record, field;     // of a field: the record and the chain of fields in it ("pos.x")
  bool contents = false;         // what a pointer in it leads to, not the pointer
  // What a container object in it holds: each call of its own is safe, using it for the time of one call is not.
  enum class Container : std::uint8_t { no, emptied, taken_back };
  Container container = Container::no;
  bool is_container() const { return container != Container::no; }
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

constexpr std::uint16_t bit(Arrival arrival) { return std::uint16_t(1u << static_cast<unsigned>(arrival)); }

class Shared {
 public:
  Shared(const Program& program, const Held& held, const Views& views, const Contexts& contexts,
         const Ownership& ownership, const std::map<std::string, Contract>& contracts);

  const Views& views() const { return views_; }
  const std::vector<State>& states() const { return states_.states; }
  // Containers, strings and smart pointers of the C++ library: calls of their members, and calls that they are passed
  // to.
  const std::vector<State>& cxx_containers() const { return containers_.states; }
  // The one of them that holds the state; null where none does.
  const State* holder_of(const State& state) const;
  // The state that an operand of the function reads at `at`, or null when it is nobody's or private.
  const State* state_of(FunctionId id, const model::Operand& operand, EventId at) const;

  // a and b can be made by two threads at once on the same object, and no lock keeps them apart.
  bool conflict(const Access& a, const Access& b, bool contracts = true) const;
  // The pair that shows it best: `choose` ranks writes (higher first); null when every pair is ordered.
  std::optional<Race> race(const State& state, const std::function<bool(const Access&)>& wanted = {}) const;

  // Only __init__ (and what it calls) gets here, or also __new__.
  bool only_initialises(FunctionId id) const {
    return arrives(id, by_init) && !arrives(id, ~(by_init | by_make | by_takedown));
  }
  bool only_initialises(const Access& access) const { return arrival(access) == Arrival::init; }
  bool only_iterates(FunctionId id) const { return arrives(id, by_next) && !arrives(id, ~by_next); }
  bool only_exports_buffers(FunctionId id) const { return arrives(id, by_buffer) && !arrives(id, ~by_buffer); }
  bool deallocates(FunctionId id) const { return arrives(id, by_takedown); }
  // Native threads get here.
  bool on_native_thread(FunctionId id) const { return arrives(id, by_thread); }
  // Python-visible names of all ways to the access, sorted.
  std::vector<std::string> entry_names(const Access& access) const;
  // The Python name of the type whose objects are such records; the record's where none is known.
  std::string type_of(const std::string& record) const;
  std::optional<Contract> contract_of(const std::string& record) const;
  Arrival arrival(const Access& access) const { return views_.view(access.view).arrival; }

 private:
  static constexpr std::uint16_t by_init = bit(Arrival::init), by_make = bit(Arrival::make),
                                 by_next = bit(Arrival::next), by_buffer = bit(Arrival::buffer),
                                 by_thread = bit(Arrival::thread), by_takedown = bit(Arrival::takedown);
  bool arrives(FunctionId id, int bits) const { return (arrivals_[id] & bits) != 0; }
  void find_module_states();
  // What an event touches, in its function's own terms.
  struct Touched {
    EventId event = none;
    Path path;
    bool write = false, atomic = false, contents = false, tested = false, container = false;
    std::vector<std::string> before;  // flags that are set after it on every way
    std::vector<std::string> won;     // flags that only the thread which is there has won
  };
  std::vector<Touched> touched_by(FunctionId id) const;
  void touched_containers(FunctionId id, std::vector<Touched>& out) const;
  void touched_elements(FunctionId id, std::vector<Touched>& out) const;
  void touched_places(FunctionId id, std::vector<Touched>& out) const;
  void find_emptied();
  // States by the key of what they are.
  struct Listing {
    std::map<std::string, std::uint32_t> by_key;
    std::vector<State> states;
  };
  void enter(Listing& listing, ViewId view, const Touched& touched, bool known_only = false);
  // Structs that are read or written as one.
  struct Whole {
    Touched touched;
    std::string record;
  };
  void find_members();
  std::vector<Whole> touched_whole(FunctionId id) const;
  void enter_members(ViewId view, const Whole& whole, int depth = 0);
  enum class Touch : std::uint8_t { none, read, write };
  Touch touch(const model::Event& event, std::size_t operand) const;
  void settle_claims();
  void find_blocks(const Contexts& contexts, const Ownership& ownership);
  bool in_other_blocks(const Access& a, const Access& b) const;
  bool keeps_to_claim(FunctionId id, EventId event, const ClaimStep& step) const;
  void find_containers_of_calls();
  const State* container_of_call(FunctionId id, EventId event, State::Container how) const;
  bool uses_before(FunctionId id, EventId event, const State& state) const;
  bool takes_back(FunctionId id, EventId event) const;

  const Program& program_;
  const Held& held_;
  const Views& views_;
  Targets targets_;
  LibraryCalls library_calls_;
  ReadyFlags ready_flags_;
  Per<FunctionId, std::uint16_t> arrivals_;
  std::map<std::string, bool> module_states_;
  std::set<std::string> emptied_;  // "Table.rows": containers that somebody takes elements out of
  void settle_contracts(const std::map<std::string, Contract>& settings);
  void find_types();
  Listing states_, containers_;
  std::map<std::string, std::string> types_;   // record -> Python name
  std::map<std::string, Contract> contracts_;  // by record
  // By field: where the blocks are made that its pointer may lead to; none where one of them is out of sight.
  std::map<std::string, std::vector<Site>> blocks_;
};

}  // namespace ftaudit::analysis
