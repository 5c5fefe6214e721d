// What the format of PyArg_Parse* says of its arguments (C API reference: arg, "Parsing arguments"). Knows formats that
// are written where they are used. Used by ownership and by what is shared.
#pragma once

#include <cstddef>
#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

// The object an argument of PyArg_Parse* must be by its format ("O!" with &PyTuple_Type: "PyTuple_Type"), or "".
std::string demanded_type(const Program& program, const model::Function& function, const model::Event& parse,
                          std::size_t argument);
// The argument is what the format works with (the type of "O!", the converter of "O&"), not a variable to be filled.
bool tells_how_to_parse(const model::Event& parse, std::size_t argument);

}  // namespace ftaudit::analysis
