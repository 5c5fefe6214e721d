// Edits as what they do to the facts: a lock held around events, a variable made atomic, a lent reference owned. What a
// remedy is made of, and all that a supposition knows of it. Functions and events are those of the facts as they were
// read, however many other edits are supposed besides.
#pragma once

#include <string>
#include <vector>

#include "analysis/program.h"

namespace ftaudit::plan {

using analysis::EventId;
using analysis::FunctionId;
using analysis::none;

struct Edit {
  enum class Does : std::uint8_t {
    hold,         // from before event `first` until after event `last`; with neither, all through the function
    make_atomic,  // every access of `global`, or of `field` of `record`
    only_read,    // the write `first` is made while the module is made, once
    per_thread,   // `global` is each thread's own
    own,          // the call `first` gives a reference of its own: `callee`
  };
  enum class Lock : std::uint8_t { section, py_mutex, native };

  Does does = Does::hold;
  FunctionId function = none;
  EventId first = none, last = none;
  Lock lock = Lock::section;
  std::vector<model::Place> objects;  // hold: one or two objects, or the mutex
  bool by_address = false;            // the mutex is that place, and not what a pointer in it leads to
  std::string mutex;                  // hold: a new global PyMutex of this name; no objects then
  std::string new_field_of;           // hold: the mutex is a new field of this record
  model::GlobalId global{none};
  std::string record, field;
  std::string callee;
};

}  // namespace ftaudit::plan
