// Counts: reference counts that a record of the project keeps by itself, as a plain number: raised where somebody else
// comes to hold the record, lowered where one lets go, and who finds it at zero frees it. Two Python objects that hold
// one record are two threads' business, in tp_dealloc too: that each object is only its own thread's there says nothing
// of what they share.
#pragma once

#include <string>
#include <vector>

#include "analysis/shared.h"

namespace ftaudit::analysis {

struct Count {
  struct Change {
    Site site;
    bool frees = false;  // it is tested for zero behind, and the record freed
  };
  std::string record, field;
  std::vector<Change> bare;       // with no lock that all holders of the record have in common
  bool locked_elsewhere = false;  // others do hold one: these forgot it
  bool held_by_objects = false;   // a Python object holds such records
};

// Those that are raised somewhere and freed by somebody, and changed by one at least without a lock. What one mutex of
// the owner keeps, whose records stay with it, is none.
std::vector<Count> plain_counts(const Program& program, const Contexts& contexts, const Held& held,
                                const Shared& shared);

}  // namespace ftaudit::analysis
