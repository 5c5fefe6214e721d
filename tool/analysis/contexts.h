// Contexts: for each function, from which kinds of entry points it is reached, and along which path. Decides what the
// import lock covers, what has its object to itself, and what runs beside everything else.
// Source of the kinds: C API reference, typeobj and module; PEP 489 (module execution under the import lock).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/entries.h"

namespace ftaudit::analysis {

class Contexts {
 public:
  Contexts(const Program& program, const std::vector<EntryPoint>& entries);

  // Only module initialisation gets here: one thread, under the import lock.
  bool init_only(FunctionId id) const { return reached_[id] == by_init; }
  // Python code, callbacks or other threads get here, several at the same time. Not where only the collector comes
  // from, which has stopped them all.
  bool concurrent(FunctionId id) const {
    return (reached_[id] & (by_python | by_exclusive | by_thread | by_export)) != 0;
  }
  // Every way here comes through deallocation or traversal: the object in the first parameter is nobody else's.
  bool exclusive(FunctionId id) const {
    return (reached_[id] & (by_exclusive | by_traverse)) != 0 &&
           (reached_[id] & (by_python | by_thread | by_export)) == 0;
  }
  // Nothing of the project calls it and no table names it, though the project has entry points: other libraries may
  // call it, or nobody.
  bool only_exported(FunctionId id) const {
    return has_entries_ && concurrent(id) && (reached_[id] & ~(by_export | by_init)) == 0;
  }
  bool reached(FunctionId id) const { return reached_[id] != 0; }
  // Control gets into the function only through call_once, pthread_once and their like, wrappers of the project's among
  // them.
  bool runs_once(FunctionId id, int depth = 0) const;

  // Python-visible names of entry points that lead here, sorted; at most `most`, if the question is only whether.
  std::vector<std::string> entry_names(FunctionId id, std::size_t most = static_cast<std::size_t>(-1)) const;
  // The shortest way from an entry point to the function, as the calls on it in order: one that Python names if there
  // is any, one that runs beside others rather than at import. Empty for entry points, and where nobody is known to
  // come from.
  std::vector<Site> entry_path(FunctionId id) const;
  // The entry itself when this function is one, else null.
  const EntryPoint* entry(FunctionId id) const;

 private:
  static constexpr std::uint8_t by_init = 1, by_python = 2, by_exclusive = 4, by_thread = 8, by_export = 16,
                                by_traverse = 32;
  bool carries(const Edge& edge) const { return !edge.mention || own_[edge.to] == none; }
  void spread(std::vector<FunctionId> from, std::uint8_t kind);
  bool only_handed_on(const Edge& mention) const;

  const Program& program_;
  const std::vector<EntryPoint>& entries_;
  Per<FunctionId, std::uint8_t> reached_;
  bool has_entries_ = false;                                      // any that Python sees
  Per<FunctionId, std::uint32_t> own_;                            // its first entry
  std::multimap<FunctionId, const EntryPoint*> named_;            // entries that Python has a name for
  mutable std::map<FunctionId, std::vector<std::string>> names_;  // those asked for, whole
};

}  // namespace ftaudit::analysis
