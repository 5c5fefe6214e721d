// Targets: which piece of state a path names: a global, a static local, or a field of a record of the project, whoever
// has the object. Parameters that stand for a global are looked through. What is constant, atomic, of one thread or of
// CPython's own is no state.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/entries.h"
#include "analysis/held.h"
#include "analysis/path.h"

namespace ftaudit::analysis {

struct Target {
  enum class Kind : std::uint8_t { global, static_local, field };
  Kind kind = Kind::field;
  model::GlobalId global{none};  // of a global or static local
  std::string record, field;     // of a field: the record and the chain of fields in it ("pos.x")
  bool contents = false;         // what a pointer in it leads to, not the pointer
  std::size_t base_steps = 0;    // of a field: how many steps of the path lead to the object
  model::Type type;
};

class Targets {
 public:
  Targets(const Program& program, const Held& held, const std::vector<EntryPoint>& entries);

  // The path from the global that a parameter or a captured name stands for with every caller; else the path itself.
  Path lifted(FunctionId id, Path path) const { return lifted(id, std::move(path), 0); }
  std::optional<Target> of(FunctionId id, const Path& path, bool contents) const;
  // The same for every path to one piece of state.
  static std::string key(const Target& target, const Path& path);

  // The object that the path starts from is a local of every caller.
  bool on_the_stack(FunctionId id, const Path& path) const { return on_the_stack(id, path, 0); }
  // Objects of this record live in local variables, and nowhere else.
  bool only_on_stack(const std::string& record) const { return stack_records_.contains(record); }
  // An entry point: not only project functions call it.
  bool is_entry(FunctionId id) const { return is_entry_[id]; }

 private:
  Path lifted(FunctionId id, Path path, int depth) const;
  std::optional<Path> global_meant(FunctionId id, const Path& path, int depth) const;
  bool on_the_stack(FunctionId id, const Path& path, int depth) const;
  bool is_ours(const std::string& record) const;
  void find_stack_records();

  const Program& program_;
  const Held& held_;
  std::vector<bool> is_entry_;
  std::set<std::string> stack_records_;
};

}  // namespace ftaudit::analysis
