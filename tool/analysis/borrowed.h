// Borrowed reads: each place that takes a reference it does not own out of something others may change, and the first
// thing done with it that needs the object alive. Reads from private or guarded containers, and results that are only
// tested, are looked at and left out. Source: C API reference (borrowed references); HOWTO free-threading-extensions,
// "Borrowed References"; PEP 703.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct BorrowedRead {
  // What is wrong with the read; each read has one flaw, so that one bug is said once.
  enum class Flaw : std::uint8_t {
    unlocked,     // a macro reads the container's memory itself, and no lock is held
    used,         // others may drop the item before it is used
    counted,      // others may drop it before a reference is taken
    across_call,  // its section holds, but is suspended by a call before the item is used
  };
  Site site;
  const capi::Borrowed* api = nullptr;
  Origin container;  // of the first argument, where there is one
  Flaw flaw = Flaw::used;
  Use use;                         // the first use that needs the object
  EventId suspended_by = none;     // across_call: the call in between
  bool across_suspension = false;  // some use comes after a call that may run Python or detach
  bool outlives_call = false;      // stored or returned
  bool left_to_python = false;     // only Python code that gets hold of the container can change it
};

// `looked_at` counts every read whose API `wanted` accepts, harmless ones included.
std::vector<BorrowedRead> borrowed_reads(const Audit& audit, const std::function<bool(const capi::Borrowed&)>& wanted,
                                         std::uint64_t& looked_at);

// Borrowed from a list, dict, set or cell, by value or through a macro: not PySequence_Fast (its own rule), not a
// weak reference, not the interpreter's own tables.
bool is_container_read(const capi::Borrowed& api);

// The container is what __setstate__ is given, and nothing else calls the function: made by pickle or copy for this one
// call, unless somebody calls the method by hand. Source: library reference, pickle: object.__setstate__.
bool is_restored_state(const Audit& audit, const BorrowedRead& read);

}  // namespace ftaudit::analysis
