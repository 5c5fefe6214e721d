// Lock keys: the locks held at an access to a piece of state, in terms that mean the same wherever that state is
// accessed: relative to the object ("section", "&.mu"), or a global ("&g3"). Equal keys are the same lock.
#pragma once

#include <string>
#include <vector>

#include "analysis/target.h"

namespace ftaudit::analysis {

class LockKeys {
 public:
  LockKeys(const Program& program, const Held& held, const Targets& targets);

  struct Keys {
    std::vector<std::string> keys;
    bool unknown = false;  // something is held that cannot be named here
    bool other = false;    // something is held that protects another object
  };
  // `given`: the access in the function's own terms; `path`: the same lifted, which leads to `target`.
  Keys at(const Site& site, const Path& given, const Path& path, const Target& target) const;

 private:
  std::vector<Lock> locks_at(const Site& site, const Path& given, const Path& path) const;

  const Held& held_;
  const Targets& targets_;
  std::vector<bool> takes_module_;  // the first parameter is the module
};

}  // namespace ftaudit::analysis
