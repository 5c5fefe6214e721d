// Suspension: which calls may let the thread state go or run Python code, project functions included, by what they
// call. Critical sections are suspended there, and borrowed references may die there. Calls nobody here knows (other
// libraries, most function pointers) are taken to do neither.
// Source: C API reference, synchronization; HOWTO free-threading-extensions, "Critical Sections".
#pragma once

#include <vector>

#include "analysis/program.h"

namespace ftaudit::analysis {

class Suspension {
 public:
  explicit Suspension(const Program& program);
  bool function(FunctionId id) const { return suspends_[id]; }
  bool event(const model::Function& in, const model::Event& event) const;

 private:
  bool known(const model::Function& in, const model::Event& event) const;
  const Program& program_;
  std::vector<bool> suspends_;
};

}  // namespace ftaudit::analysis
