// What the cyclic garbage collector allows, and the calls that concern it and weak references. A table of facts; used
// by rules.
#pragma once

#include <string_view>

namespace ftaudit::capi {

// A traverse function may call it: the C API reference says so, or it comes to no more than a look at a field.
bool allowed_in_traverse(std::string_view name);
// From then on the collector, in whichever thread it runs, finds the object.
bool tracks(std::string_view name);
bool clears_weak_references(std::string_view name);

}  // namespace ftaudit::capi
