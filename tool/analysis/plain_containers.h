// Plain containers: fields of structs whose lists, dicts and sets hold nothing but strings, bytes and numbers. Proved
// from all that the program does with the field: what is stored there is made empty, what is put in is such a value,
// and nobody else is given the container. Letting one go runs no code. And fields that such a value itself is kept in.
// Used by PythonCalls.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

using IsPlain = std::function<bool(const Site&, const model::Operand&)>;

// "Buffer.chunks" of each such field; `is_plain` says which values run nothing.
std::set<std::string> plain_containers(const Audit& audit, const IsPlain& is_plain);

// "Reader.tail" of each field that is only ever given such values.
std::set<std::string> plain_fields(const Audit& audit, const IsPlain& is_plain);

// The field that a place ends in, as there; "" where it ends in none.
std::string field_at_end(const model::Place& place);
// The same of a place that is read or written at `at`, also through a local that points to a field, as in Py_SETREF.
std::string field_reached(const Audit& audit, const Site& at, const model::Place& place);

}  // namespace ftaudit::analysis
