// Targets: which piece of state a path names: a global, a static local, or a field of a record of the project, whoever
// has the object. What is constant, atomic, of one thread or of
// CPython's own is no state.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

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
  Targets(const Program& program, const Held& held);

  // `path` as a view has it (Views::lifted) in function `id`.
  std::optional<Target> of(FunctionId id, const Path& path, bool contents) const;
  // The same for every path to one piece of state.
  static std::string key(const Target& target, const Path& path);

  // Objects of this record live in local variables, and nowhere else.
  bool only_on_stack(const std::string& record) const { return stack_records_.contains(record); }

 private:
  bool is_ours(const std::string& record) const;
  void find_stack_records();
  void find_lent(const Held& held);

  const Program& program_;
  std::set<std::string> stack_records_;
  std::set<model::GlobalId> lent_;  // pointers that each thread has its own of, and gives to others
};

}  // namespace ftaudit::analysis
