// Modules: each extension module of the project, how it comes to be, and what it says about the GIL, with the places
// that say so. Source: C API reference, module (Py_mod_gil, PyUnstable_Module_SetGIL); PEP 489, 703, 793; the
// documentation of the binding systems.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/contexts.h"

namespace ftaudit::analysis {

enum class Declares : std::uint8_t { not_used, used, missing, unknown };

struct Module {
  enum class Style : std::uint8_t { multi_phase, single_phase, export_hook, binding, generated, unknown };
  std::string name;
  std::string init;  // function that makes it; "" if there is none to see
  Style style = Style::unknown;
  std::string system;  // "C API", "pybind11", "nanobind", "Cython", "SWIG", "cffi", "f2py", ...
  Declares gil = Declares::unknown;
  std::string unread;      // of an unknown declaration: the expression that nobody could read
  model::Span span;        // of the init function's name or of the binding macro
  model::Span slots;       // where a missing slot belongs: the slot array, the definition, the create call
  bool has_slots = false;  // a slot array is there
  model::Span terminator;  // of the slot array's last row; unknown where there is none to see
  FunctionId function = none;
  const model::MacroFact* macro = nullptr;  // of a binding

  // What makes the declaration do nothing, or break.
  struct Defect {
    enum class Kind : std::uint8_t { after_terminator, twice, explicitly_used, outside_init, unguarded };
    Kind kind;
    model::Span span;
    std::string function;
  };
  std::vector<Defect> defects;
};

// `uncalled`: init functions that import no module.
std::vector<Module> find_modules(const Program& program, const Contexts& contexts,
                                 const std::set<std::string>& uncalled = {});

}  // namespace ftaudit::analysis
