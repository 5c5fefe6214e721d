// A lock file as a graph: exact packages and what each needs under which marker. Following it from what the user asked
// for gives the packages of one target, since a lock file holds those of every platform. Used by the readers of lock
// files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "packages/inputs/reading.h"

namespace ftaudit::packages {

struct LockedNeed {
  std::string name;                 // as written
  std::string version;              // which of several locked versions; "" any
  std::string marker;               // "" always
  std::vector<std::string> extras;  // of the needed package
};

struct LockedPackage {
  Wanted wanted;  // its requirement's name and version say which
  std::vector<LockedNeed> needs;
  std::map<std::string, std::vector<LockedNeed>> needs_by_extra;
  std::vector<std::string> markers;  // locked only where one of them holds; empty: everywhere
};

// Adds to the reading what `roots` lead to, each package once, with whom it needs.
void follow(std::vector<LockedPackage> packages, const std::vector<LockedNeed>& roots, Reading& reading);

// Needs that nobody else has: what must have been asked for when the lock file does not say.
std::vector<LockedNeed> nobody_needs(const std::vector<LockedPackage>& packages);

}  // namespace ftaudit::packages
