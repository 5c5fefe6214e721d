// Vectorcalls: the fields of objects that hold the function which a call of the object goes to. A type names the field
// by its offset, in a slot or in a member of its table; who makes an object stores the function. Used by the entry
// points. Source: C API reference, call ("The Vectorcall Protocol"), typeobj (tp_vectorcall_offset).
#pragma once

#include <map>
#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

// "Call.vcall" -> "calls.Call.__call__". `owners`: the types and modules that tables belong to.
std::map<std::string, std::string> vectorcall_fields(const Program& program,
                                                     const std::map<model::GlobalId, std::string>& owners);

}  // namespace ftaudit::analysis
