// For each module of the project, what its init function leads to: functions it calls or hands on, and those that stand
// in the tables it uses. Says whose a finding in shared code is. Not who may be there at the same time: that is
// contexts. Used where modules are judged.
#pragma once

#include <vector>

#include "analysis/modules.h"

namespace ftaudit::analysis {

class ModuleReach {
 public:
  ModuleReach(const Program& program, const std::vector<Module>& modules);

  // Whether the code that makes the module is there to follow.
  bool followed(std::size_t module) const { return !reached_[module].empty(); }
  bool reaches(std::size_t module, FunctionId function) const { return followed(module) && reached_[module][function]; }

 private:
  std::vector<FunctionId> roots(const Module& module) const;
  void follow(std::vector<FunctionId> pending, Per<FunctionId, bool>& reached) const;

  const Program& program_;
  std::vector<Per<FunctionId, bool>> reached_;  // by module, by function
};

}  // namespace ftaudit::analysis
