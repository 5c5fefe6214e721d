// Missing names: what an initialiser names and no header declares, as where the build makes the header that does
// (`{"put", put, METH_O, put_doc}`, `.def("put", put, put_doc)`). Clang gives a whole table up for one such cell, and a
// whole chain of calls for one such argument, and with them every function that Python gets to by way of them. The name is declared for it, as text of unknown length, and the error told all the same.
// Used by declarations.cpp.
#pragma once

#include "frontend/clang.h"

namespace ftaudit::frontend {

// For as long as `sema` parses its unit; owned by whoever adds it to one.
llvm::IntrusiveRefCntPtr<clang::ExternalSemaSource> missing_names(clang::Sema& sema);

}  // namespace ftaudit::frontend
