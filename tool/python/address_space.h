// Whether this machine's kernel lays out memory in a way that suits ThreadSanitizer. Used by doctor and, before
// anything is built or run under it, by confirm.
#pragma once

#include <string>

namespace ftaudit::python {

// Nothing when the kernel's randomisation suits ThreadSanitizer or can be switched off for a child; else what to do.
std::string address_space_problem();

}  // namespace ftaudit::python
