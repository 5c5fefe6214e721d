#include "model/generated.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace ftaudit::model {
namespace {

struct Reserved {
  std::string_view generator, prefix;
  std::string_view but = "-";  // what begins so and was made of a declaration
};

constexpr Reserved reserved[] = {
    {"swig", "SWIG_"},
    {"swig", "Swig"},
    {"swig", "swig_"},
    {"swig", "_SWIG_"},
    {"cffi", "_cffi_", "_cffi_f_"},
    {"f2py", "f2py_", "f2py_rout_"},
    {"f2py", "F2PyCapsule_"},
    {"f2py", "F2PySwap"},
    {"f2py", "array_from_pyobj"},
    {"f2py", "int_from_pyobj"},
    {"f2py", "double_from_pyobj"},
    {"f2py", "string_from_pyobj"},
    {"mypyc", "CPy_"},
};

}  // namespace

void mark_generated(Facts& facts) {
  std::unordered_map<FileId, std::string_view> made;  // by which generator
  for (const Unit& unit : facts.units) made[unit.file] = unit.generator;
  for (Function& function : facts.functions)
    if (const auto by = made.find(function.span.file); by != made.end())
      function.is_support |= std::ranges::any_of(reserved, [&](const Reserved& row) {
        return by->second == row.generator && function.name.starts_with(row.prefix) &&
               !function.name.starts_with(row.but);
      });
}

}  // namespace ftaudit::model
