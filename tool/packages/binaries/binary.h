// Binary: what a compiled extension module declares about the GIL, read from the file without importing it. It follows
// the module's own definition: PyInit_NAME to its PyModuleDef and slot array, or to its call of
// PyUnstable_Module_SetGIL, or PyModExport_NAME (CPython 3.15). What cannot be followed is unknown, with the reason;
// nothing is ever run. It says what is declared, not whether it is true. Used by wheel and verdict.
//
// Facts of CPython: Include/moduleobject.h (Py_mod_gil, PyModuleDef), Include/slots.h (PySlot, 3.15), and in
// Python/import.c a module that declares nothing has the GIL switched on while it is loaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/binaries/declared.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

struct Binary {
  FileFormat format = FileFormat::elf;
  std::string machine;               // "x86-64"
  std::vector<Declaration> modules;  // sorted by name; empty: no extension module
  std::vector<std::string>
      origins;  // "C", "C++", "Cython 3.1.2", "pybind11", "nanobind", "PyO3", "Rust", "cffi", "mypyc", "SWIG"
  std::vector<std::string> borrowed_calls;  // imported functions that give borrowed references, sorted
  bool own_locks = false;                   // PyMutex_*, PyCriticalSection_*, PyOnceFlag
  bool instrumented = false;                // ThreadSanitizer's runtime is called
  bool cffi_abi = false;                    // made by cffi's API mode: module made by _cffi_backend
  std::vector<std::string> needed;
};

// Errors: not a shared library, truncated, ... One Binary; of a universal file the first 64-bit image is followed.
Result<Binary> read_binary(std::string_view bytes);

// Names of functions in `imports` that hand out borrowed references which another thread can drop.
std::vector<std::string> borrowed_among(const std::vector<std::string>& imports);

}  // namespace ftaudit::packages
