// Linked modules: sources with an init function of their own that the build links into a module of another name. The
// import system looks for the function of the module's name and calls no other, unless a loader is made by hand with
// another name. Used by audit_project alone.
#pragma once

#include <set>
#include <string>

#include "audit/parsing.h"

namespace ftaudit::audit {

// The init functions that import nothing: each is defined in sources that the build's description gives to modules of
// other names, which have init functions of theirs; and nothing in C calls it or hands it to anybody, by its address or
// its name. Source: library reference, importlib.machinery.ExtensionFileLoader; PEP 489, module naming.
std::set<std::string> linked_into_others(const ParsedProject& parsed);

}  // namespace ftaudit::audit
