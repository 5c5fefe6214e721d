// Missing names: what the code names and no header that is there declares. A table's cell and a call's argument
// (`{"put", put, METH_O, put_doc}`, `.def("put", put, put_doc)`): Clang gives a whole table up for one of them, and a
// whole chain of calls. The type of a variable, a field, a parameter (`git_diff *diff;` where git2.h is missing): Clang
// drops the declaration, and each expression in which it is used. The name is declared for it, as text of unknown
// length, as a struct that nothing is known of, or where it stands for a value as int; the error is told all the same.
// Used by declarations.cpp.
#pragma once

#include "frontend/clang.h"

namespace ftaudit::frontend {

// For as long as `sema` parses its unit; owned by whoever adds it to one.
llvm::IntrusiveRefCntPtr<clang::ExternalSemaSource> missing_names(clang::Sema& sema);

}  // namespace ftaudit::frontend
