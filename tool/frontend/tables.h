// Static initialisers with functions or names in them, as tables: method tables, type objects, module definitions,
// slots, and the project's own tables of function pointers.
#pragma once

#include "frontend/context.h"

namespace ftaudit::frontend {

// Adds the table of `variable` to the facts if its initialiser is one.
void add_table(Context& context, const clang::VarDecl& variable);

}  // namespace ftaudit::frontend
