// Lock keys: the locks held at an access to a piece of state, in terms that mean the same wherever that state is
// accessed: relative to the object ("section", "&.mu"), to an object around it ("section^Cache", "&^Cache.mu"), or a
// global ("&g3"). Equal keys are the same lock; that an object stays with the owner it was found under is taken on
// trust.
#pragma once

#include <string>
#include <vector>

#include "analysis/target.h"
#include "analysis/views.h"

namespace ftaudit::analysis {

struct LockKeys {
  std::vector<std::string> keys;
  std::vector<std::string> readers;  // of them, those held for reading: others may hold them so, too
  bool unknown = false;              // something is held that cannot be named here
  bool other = false;                // something is held that protects another object
};

// `held` and `path` as the view has them; `path` leads to `target`, and its object was found below `led`, if anything.
LockKeys lock_keys(const View& view, const Locks& held, const Path& path, const Path& led, const Target& target);

// The lock lies in the object that a global leads to and that the function was given to work on: what it finds there by
// ways without a name is named as wherever else such an object is given ("&^Cache.mu"). "" for other locks.
std::string key_of_owner(const model::Function& function, const View& view, const Lock& lock, const Target& target);

}  // namespace ftaudit::analysis
