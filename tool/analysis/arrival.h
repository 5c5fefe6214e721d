// Arrival: what a kind of entry point promises about who else is there at the same time.
// Source: C API reference, typeobj and module; PEP 489.
#pragma once

#include <optional>

#include "analysis/entries.h"
#include "analysis/held.h"
#include "analysis/view.h"

namespace ftaudit::analysis {

// Nothing for those where nobody else is: module initialisation, once flags, handlers of the exit.
std::optional<Arrival> arrival_of(const EntryPoint& entry);

// Each thread that runs the function is given a local of whoever starts it there, or an element of an array: whether
// two of them are given the same one is known to LentLocals.
bool is_lent(const Program& program, const Held& held, FunctionId function, std::uint32_t parameter);

}  // namespace ftaudit::analysis
