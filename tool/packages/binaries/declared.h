// What one module of a library declares about the GIL, and how it is made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "finding/document.h"

namespace ftaudit::packages {

enum class InitStyle : std::uint8_t {
  multi_phase,   // PyInit_ gives a PyModuleDef to PyModuleDef_Init
  single_phase,  // PyInit_ makes the module itself
  export_hook,   // PyModExport_, CPython 3.15
  delegated,     // PyInit_ hands over to a function of another module, found through a capsule (mypyc)
  unknown,
};
std::string_view name_of(InitStyle style);  // "multi-phase"

struct Declaration {
  std::string module;  // "_speedups": what follows PyInit_
  std::string init;    // "PyInit__speedups"
  InitStyle style = InitStyle::unknown;
  Gil gil = Gil::unknown;  // missing: nothing is declared, loading it switches the GIL on
  std::string how;         // one sentence: where it is declared; why it is unknown
  std::string delegate;    // for delegated: the module that is handed over to ("81d243bd2c585b0f4821__mypyc")
};

}  // namespace ftaudit::packages
