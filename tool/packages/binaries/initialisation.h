// Initialisation: PyInit_NAME or PyModExport_NAME followed through its code, and what it tells CPython about the GIL on
// the way: the slots of the definition it hands to PyModuleDef_Init, the argument of PyUnstable_Module_SetGIL, the
// slots an export hook returns. Knows what CPython's functions give back; the machine is walk's business. Used by
// declaration.
#pragma once

#include <cstdint>
#include <string>

#include "packages/binaries/declared.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

struct Initialisation {
  InitStyle style = InitStyle::unknown;
  Gil gil = Gil::unknown;
  std::string how;       // where it is declared, or why it is unknown
  std::string delegate;  // the module handed over to
  bool reached_set_gil = false;
  bool elsewhere = false;  // another library makes the module
};

Initialisation follow_initialisation(const Image& image, std::uint64_t address, bool export_hook);

}  // namespace ftaudit::packages
