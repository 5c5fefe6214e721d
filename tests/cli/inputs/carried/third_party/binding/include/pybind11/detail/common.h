#pragma once
#define PYBIND11_VERSION_MAJOR 3
#include <Python.h>
namespace pybind11 {
inline long counted() {
  static long calls = 0;
  return ++calls;
}
}  // namespace pybind11
