// Entry points: where Python, or a thread of its own, comes into the extension, each with the name a user would call
// and what CPython promises about who else may be there. Read off the tables and the calls that register functions.
#pragma once

#include <string>
#include <vector>

#include "analysis/program.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

struct EntryPoint {
  FunctionId function = none;
  capi::Role role = capi::Role::method;
  std::string python_name;       // "spam.Counter.incr", "spam.Counter.__new__ (tp_new)"; "" for callbacks
  std::string slot;              // "tp_iternext", "ml_meth", ...; the call that it is handed to; "" for neither
  std::uint64_t flags = 0;       // ml_flags of a method
  Site registered;               // the call that hands it over, if one does
  bool exported = false;         // other files may call it, and nobody here does
  bool called_detached = false;  // the binding lets go of the thread state around the call
};

std::vector<EntryPoint> find_entries(const Program& program);

// METH_* bits (C API reference, structures).
constexpr std::uint64_t meth_varargs = 1, meth_keywords = 2, meth_noargs = 4, meth_o = 8, meth_fastcall = 0x80,
                        meth_method = 0x200;

}  // namespace ftaudit::analysis
