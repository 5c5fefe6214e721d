// Bindings: what a call that registers with pybind11, nanobind or Boost.Python makes callable from Python, under which
// name, and what it is there: a method, a getter, the factory of an object. Read off the operands of the call and of
// the chain of calls it stands in. Used by entries.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/program.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

struct Bound {
  FunctionId function = none;
  capi::Role role = capi::Role::method;
  std::string python_name;  // "Counter.add", "Counter.__init__", "" where nothing names it
};

// One of a binding's own functions that take functions of the project to be called by Python.
bool is_binding(std::string_view callee);

// What the call at `site` binds.
std::vector<Bound> bound_by(const Program& program, const Site& site);

}  // namespace ftaudit::analysis
