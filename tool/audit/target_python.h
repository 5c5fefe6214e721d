// The Python a project is audited for when nobody says which: the newest free-threaded one here that the project says
// it supports. And several Pythons in one run: what differs between them.
#pragma once

#include <string>
#include <vector>

#include "finding/document.h"
#include "project/python_support.h"
#include "python/interpreter.h"

namespace ftaudit::audit {

struct TargetPython {
  std::string name;  // "3.13t"; "" for the most preferred one
  std::string note;  // why it is another than that, for the report; "" when it is not
};

// `all` as find_interpreters() gives them.
TargetPython target_python(const project::PythonSupport& support, const std::vector<python::Interpreter>& all);

// "3.13t,3.14t" one by one; without a comma it is one, whatever it is.
std::vector<std::string> requested_pythons(const std::string& request);

// One document of several, one a Python: all their findings, each once, and in the notes which are not there for all.
Document across_pythons(std::vector<Document> documents);

}  // namespace ftaudit::audit
