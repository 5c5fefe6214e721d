// View paths: what a path or a lock of a function is in terms of one view of it, who has what it leads to, and what all
// views of a function have in common. Views makes the views, and asks here about those that it has.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/ownership.h"
#include "analysis/view.h"

namespace ftaudit::analysis {

// A pointer, or a reference that a member is.
inline bool leads_elsewhere(const model::Type& type) {
  return type.kind == model::Type::Kind::pointer || type.kind == model::Type::Kind::reference;
}

class ViewPaths {
 public:
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
  // The block that the path lies in is nobody else's, but what a pointer in it leads to is what was put there: an
  // argument, the module's state. Nothing where no such pointer is known; in all views of the function, or in one.
  std::optional<Origin> behind_cell(FunctionId id, const View* view, const Path& path, EventId at) const;

  const EntryPoint& entry(std::uint32_t number) const { return entries_[number]; }
  std::size_t entry_count() const { return entries_.size(); }
  // Python-visible names of the entries that lead to the view, sorted.
  std::vector<std::string> entry_names(const View& view) const;

  // Pointers that a function puts into what its parameters lead to, and what they are, both in its own terms; a value
  // of unknown root is one that callers have no name for.
  const std::vector<std::pair<Path, Path>>& stores(FunctionId id) const;
  // The events of a function that put pointers into fields, its own or those of a function it calls.
  const std::vector<EventId>& fills(FunctionId id) const;

 protected:
  ViewPaths(const Program& program, const std::vector<EntryPoint>& entries, const Held& held,
            const Ownership& ownership)
      : program_(program), entries_(entries), held_(held), ownership_(ownership), of_(program.facts.functions.size()) {}

  const Program& program_;
  const std::vector<EntryPoint>& entries_;
  const Held& held_;
  const Ownership& ownership_;
  Per<ViewId, View, std::deque<View>> all_;  // those that are there stay where they are
  Per<FunctionId, std::vector<ViewId>> of_;
  Per<ViewId, std::vector<ViewId>> next_;  // the views that a view calls

 private:
  Path through_cells(const View& view, Path path) const;

  mutable std::unordered_map<FunctionId, std::vector<std::pair<Path, Path>>> stores_;
  mutable std::unordered_map<FunctionId, std::vector<EventId>> fills_;
  mutable std::map<std::tuple<const View*, std::uint8_t, std::uint32_t, EventId>, Origin> origins_;
};

}  // namespace ftaudit::analysis
