// Parsing arguments (C API reference: arg).
#include "capi/arguments.h"

#include "capi/names.h"

namespace ftaudit::capi {

const std::vector<Parse> parse_table{
    {"PyArg_Parse", 1, 2},
    {"PyArg_ParseTuple", 1, 2},
    {"PyArg_ParseTupleAndKeywords", 2, 4},
};

const Parse* argument_parse(std::string_view name) { return row_named<parse_table>(name); }
bool parses_arguments(std::string_view name) { return glob_match("PyArg_*", name); }
bool builds_by_format(std::string_view name) { return name == "Py_BuildValue"; }
std::string_view demanded_type(char unit) { return unit == 'S' ? "PyBytes_Type" : unit == 'U' ? "PyUnicode_Type" : ""; }

}  // namespace ftaudit::capi
