// Views: one function as one way into it has it: what its parameters stand for, who else has those objects, which locks
// the caller holds, and for which kind of entry it all happens. Made from the entry points down, callers kept apart, so
// that a helper called with a lock on a shared object and without one on a fresh object is two views and no hazard. Not
// a judgement of accesses: Shared makes sides of them. Ways that are alike are one view; the ways of a function past a
// limit are thrown together, but never a private object with a shared one.
// Source of what an entry promises: C API reference, typeobj, module; PEP 489, PEP 703.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "analysis/ownership.h"
#include "analysis/path.h"

namespace ftaudit::analysis {

using ViewId = std::uint32_t;

// What kind of entry leads here: what that one promises about who else is there at the same time.
enum class Arrival : std::uint8_t {
  python,    // methods, getters, slots: everybody, the same function on the same object too
  init,      // __init__: the object may be in use already
  make,      // __new__: the object is not
  next,      // __next__
  buffer,    // getbuffer and releasebuffer
  thread,    // a thread of the project's own
  callback,  // registered with somebody, who calls it when they like
  exported,  // nobody here calls it
  takedown,  // the object is nobody else's any more
};

// What a parameter is.
struct Given {
  Path path;      // from a root of the view or a global; `unknown` where it has no name there
  Origin origin;  // of the object
};

// What paths of a view start from: an argument of the entry, or an object that a function on the way got hold of.
struct Root {
  Origin origin;
  bool stack = false;      // a variable of a function on the way
  bool array = false;      // it is an array, not a pointer to one
  bool to_object = false;  // a Python object
  bool module = false;     // the module
  std::string record;      // what it is, or leads to; "" where that is not known
  Path led;                // where it was found: below this path of the view; unknown root where that is not known
};

struct View {
  FunctionId function = none;
  Arrival arrival = Arrival::python;
  std::vector<Given> given;            // by parameter
  std::vector<Root> roots;             // numbered by Path::number
  std::map<std::string, Path> cells;   // what pointers in blocks that nobody else has lead to: "r0.self" -> r1
  Locks locks;                         // on entry, claims too, named by roots and globals; "?": no name here
  std::vector<std::string> passed;     // flags that are set on entry (Held::Way), named as locks are
  std::vector<std::string> inside;     // once flags whose initialiser this is part of
  bool blurred = false;                // ways were thrown together for their number
  ViewId from = none;                  // the shortest way here
  EventId call = none;                 // in the function of `from`
  std::vector<std::uint32_t> entries;  // all that lead here, by their number, sorted
};

// The one that promises less. One way here with an object that is surely shared is enough for a hazard.
Origin worse(Origin a, Origin b);

class Views {
 public:
  Views(const Program& program, const Contexts& contexts, const std::vector<EntryPoint>& entries, const Held& held,
        const Ownership& ownership);

  const View& view(ViewId id) const { return all_[id]; }
  const std::deque<View>& all() const { return all_; }
  const std::vector<ViewId>& of(FunctionId id) const { return of_[id]; }
  // The views that a view calls.
  const std::vector<ViewId>& called(ViewId id) const { return next_[id]; }

  // A path of the view's function in the view's own terms.
  Path lifted(const View& view, Path path) const;
  // The same for what hangs off an object that was found below another: a path from that one, which lead() knows.
  Path led(const View& view, const Path& path, EventId at) const;
  // Who else has the object that the first `steps` steps of a lifted path lead to; `at`: where the function is.
  Origin owner(const View& view, const Path& path, std::size_t steps, EventId at) const;
  // Held just before the event, in the view's terms.
  Locks held(const View& view, EventId event) const;
  // Flags that are taken just before the event (Claims), in the view's terms.
  Locks claims(const View& view, EventId event) const;
  // Flags that are set just before the event: who passed them sees what was done before they were.
  std::vector<std::string> passed(const View& view, EventId event) const;
  // On entry, in terms of the parameters.
  Locks entry_locks(const View& view) const;
  // A lock of the view's function in the view's terms.
  std::string absolute(const View& view, const std::string& what) const;
  // What all views of a function hold on entry, those left out whose objects are nobody else's; in terms of the
  // parameters.
  Locks common_locks(FunctionId id) const;
  // Nobody else has what it works on: its object is being taken down, or all objects that it is given are new.
  bool alone(const View& view) const;
  // Worst of all views of a function that are not alone.
  Origin given(FunctionId id, std::uint32_t parameter) const;

  const EntryPoint& entry(std::uint32_t number) const { return entries_[number]; }
  std::size_t entry_count() const { return entries_.size(); }
  // Python-visible names of the entries that lead to the view, sorted.
  std::vector<std::string> entry_names(const View& view) const;

  // Pointers that a function puts into what its parameters lead to, and what they are, both in its own terms; a value
  // of unknown root is one that callers have no name for.
  const std::vector<std::pair<Path, Path>>& stores(FunctionId id) const;
  // The events of a function that put pointers into fields, its own or those of a function it calls.
  const std::vector<EventId>& fills(FunctionId id) const;

  // How often ways were thrown together.
  std::size_t merged() const { return merged_; }

 private:
  void enter_entries();
  void go_on(ViewId id);
  void call(ViewId id, const Edge& edge, bool operands_known);
  ViewId add(View made, ViewId from, EventId call, std::uint32_t entry);
  void join_entries();
  void generalise(View& view) const;
  void forget_globals(View& view) const;
  std::optional<ViewId> joined(const View& made);
  Origin entry_origin(const EntryPoint& entry, std::uint32_t parameter) const;
  void find_module_methods();
  Path through_cells(const View& view, Path path) const;

  const Program& program_;
  const Contexts& contexts_;
  const std::vector<EntryPoint>& entries_;
  const Held& held_;
  const Ownership& ownership_;
  std::deque<View> all_;
  std::vector<std::vector<ViewId>> of_;
  std::vector<std::vector<ViewId>> next_;  // the views that a view calls
  std::unordered_map<std::string, ViewId> known_;
  std::vector<bool> is_entry_;
  std::vector<bool> takes_module_;  // the first parameter is the module
  std::size_t merged_ = 0;
  mutable std::unordered_map<FunctionId, std::vector<std::pair<Path, Path>>> stores_;
  mutable std::unordered_map<FunctionId, std::vector<EventId>> fills_;
  mutable std::map<std::tuple<const View*, std::uint8_t, std::uint32_t, EventId>, Origin> origins_;
};

}  // namespace ftaudit::analysis
