// Loads: references and pointers read out of fields whose owner may drop them, and what is done with them.
// `Py_NewRef(self->items)` reads a pointer and then counts; a writer on another thread can release the object between
// the two. A lock held for the reading alone does not help: who gets it next releases what was read.
// Source: HOWTO free-threading-extensions, "Borrowed References"; C API reference, synchronization (set_field example).
#pragma once

#include <vector>

#include "analysis/conflicts.h"

namespace ftaudit::analysis {

struct Load {
  const State* state = nullptr;
  const Access* read = nullptr;
  const Access* writer = nullptr;  // who releases the object
  FunctionId user = none;          // who uses it: the reader, or a caller that it hands the object to
  Use use;                         // the first use there that needs it alive
  bool counted = false;            // that use takes a reference
  bool across = false;             // it is used by or after a call that may run Python or detach
  bool let_go = false;             // read under the lock of the writer, used when that was given back
  bool bare = false;               // used without that lock, by what runs nothing and needs the object all the same
  bool only_init_writes = false;   // nobody but __init__, called again, replaces it
  std::vector<const State*> also;  // other fields of the record that are read in the same way
  std::vector<Party> sides;        // every read like this one
};

// One for each record, lock let go or none, way of use and protocol (numbers, containers, awaitables, attributes, all else): those whose
// writers do what they should. Where the writer is to blame, who reads is a side of that conflict.
std::vector<Load> endangered_loads(const Program& program, const Held& held, const Suspension& suspension,
                                   const Shared& shared, const Conflicts& conflicts);

}  // namespace ftaudit::analysis
