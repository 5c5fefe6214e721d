// Plain containers: fields of structs whose lists, dicts and sets hold nothing but strings, bytes and numbers. Proved
// from all that the program does with the field: what is stored there is made empty, what is put in is such a value,
// and nobody else is given the container. Letting one go runs no code. Used by PythonCalls.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

using IsPlain = std::function<bool(const Site&, const model::Operand&)>;

// "Buffer.chunks" of each such field; `is_plain` says which values run nothing.
std::set<std::string> plain_containers(const Audit& audit, const IsPlain& is_plain);

// The field that a place ends in, as there; "" where it ends in none.
std::string field_at_end(const model::Place& place);

}  // namespace ftaudit::analysis
