// What the dynamic side wants to know of the facts, in its own words: the ways from Python into the extension, and
// which function a place lies in. Used by confirm.
#pragma once

#include <string>
#include <vector>

#include "base/location.h"
#include "cli/parsing.h"
#include "dynamic/stress_plan.h"

namespace ftaudit::cli {

struct FunctionRange {
  std::string name;
  std::string file;  // as shown in findings
  std::uint32_t first = 0, last = 0;
};

struct Surface {
  std::vector<dynamic::EntryPoint> entries;
  std::vector<FunctionRange> functions;

  // The innermost function around a place; "" where none is known.
  std::string function_at(const Location& where) const;
};

Surface surface_of(const ParsedProject& parsed);

}  // namespace ftaudit::cli
