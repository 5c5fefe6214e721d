#include "project/project.h"

namespace ftaudit::project {

std::string_view name_of(Generator generator) {
  switch (generator) {
    case Generator::none: return "none";
    case Generator::cython: return "cython";
    case Generator::swig: return "swig";
    case Generator::f2py: return "f2py";
    case Generator::cffi: return "cffi";
    case Generator::mypyc: return "mypyc";
    case Generator::pythran: return "pythran";
    case Generator::other: return "other";
  }
  return "other";
}

}  // namespace ftaudit::project
