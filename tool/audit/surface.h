// The surface of an extension, for who runs it: the ways from Python into it, and which function a place lies in, in
// the terms of its findings. Used by confirm.
#pragma once

#include <string>
#include <vector>

#include "audit/audit_project.h"
#include "base/location.h"

namespace ftaudit::audit {

struct Way {
  std::string python_name;  // "spam.Counter.add"
  std::string kind;         // "method", "slot", "init", ...
  std::string c_function;
};

struct FunctionRange {
  std::string name;
  std::string file;  // as shown in findings
  std::uint32_t first = 0, last = 0;
};

struct Surface {
  std::vector<Way> ways;
  std::vector<FunctionRange> functions;

  // The innermost function around a place; "" where none is known.
  std::string function_at(const Location& where) const;
};

struct Described {
  Document document;
  Surface surface;
  project::Project project;
};

// Audits it as audit_project does, and tells the surface from the same facts.
Described describe(ParsedProject parsed, const Selection& selection, const std::string& python,
                   const Adding& also = {});

}  // namespace ftaudit::audit
