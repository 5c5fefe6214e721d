// Uniqueness: an object that the function, or one it has called, has just made sure nobody else has: it asked, and
// where others had it put a new one in its place. Lasts as long as nothing else is put there. Source: C API reference,
// PyUnstable_Object_IsUniquelyReferenced.
#pragma once

#include "analysis/audit.h"

namespace ftaudit::analysis {

// What `object` names at the site is this thread's alone.
bool made_unique(const Audit& audit, const Site& site, const model::Operand& object);

// What the operand is came out of functions of the project, with a reference for whoever called them: made there, by
// Python, or their own argument with one more reference, so that the caller's is not the only one.
bool came_counted(const Audit& audit, const Site& site, const model::Operand& object);

}  // namespace ftaudit::analysis
