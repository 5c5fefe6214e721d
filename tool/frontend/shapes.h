// Shapes: statements that an edit can change without understanding more of the program, found in the tree as it is
// written. Whether such an edit is wanted, rules say. Used by declarations.cpp for each function of the project.
#pragma once

#include "frontend/context.h"

namespace ftaudit::frontend {

void find_shapes(Context& context, const clang::Stmt& body, model::Function& out);

}  // namespace ftaudit::frontend
