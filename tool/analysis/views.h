// Views: one function as one way into it has it: what its parameters stand for, who else has those objects, which locks
// the caller holds, and for which kind of entry it all happens. Made from the entry points down, callers kept apart, so
// that a helper called with a lock on a shared object and without one on a fresh object is two views and no hazard. Not
// a judgement of accesses: Shared makes sides of them. Ways that are alike are one view; the ways of a function past a
// limit are thrown together, but never a private object with a shared one.
// Source of what an entry promises: C API reference, typeobj, module; PEP 489, PEP 703.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/view_paths.h"

namespace ftaudit::analysis {

class Views : public ViewPaths {
 public:
  Views(const Program& program, const Contexts& contexts, const std::vector<EntryPoint>& entries, const Held& held,
        const Ownership& ownership);

  // How often ways were thrown together.
  std::size_t merged() const { return merged_; }

 private:
  void enter_entries();
  void go_on(ViewId id);
  void call(ViewId id, const Edge& edge, bool operands_known);
  bool calls_another(const View& view, const Edge& edge) const;
  void start(ViewId id, const Edge& edge);
  ViewId add(View made, ViewId from, EventId call, std::uint32_t entry);
  void join_entries();
  void generalise(View& view) const;
  void forget_globals(View& view) const;
  std::optional<ViewId> joined(const View& made);
  Origin entry_origin(const EntryPoint& entry, std::uint32_t parameter) const;
  void find_module_methods();

  const Contexts& contexts_;
  std::unordered_map<std::string, ViewId> known_;
  Per<FunctionId, bool> is_entry_;
  Per<FunctionId, bool> takes_module_;  // the first parameter is the module
  std::size_t merged_ = 0;
};

}  // namespace ftaudit::analysis
