// How arguments of a Python call are parsed, and values built: which calls do, where their format stands, what it
// demands. A table of facts; used by analysis.
#pragma once

#include <cstddef>
#include <string_view>

namespace ftaudit::capi {

struct Parse {
  std::string_view name;
  std::size_t format, first;  // arguments: the format, and the first that it speaks of
};
const Parse* argument_parse(std::string_view name);  // null: it has no format
bool parses_arguments(std::string_view name);
// Makes a value, a new container by most formats: Py_BuildValue. The format comes first.
bool builds_by_format(std::string_view name);
// What a unit of the format demands without a type given: "PyBytes_Type" for S; "" for others.
std::string_view demanded_type(char unit);

}  // namespace ftaudit::capi
