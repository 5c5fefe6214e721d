// Arrival: what a kind of entry point promises about who else is there at the same time.
// Source: C API reference, typeobj and module; PEP 489.
#pragma once

#include <optional>

#include "analysis/entries.h"
#include "analysis/view.h"

namespace ftaudit::analysis {

// Nothing for those where nobody else is: module initialisation, once flags, handlers of the exit.
std::optional<Arrival> arrival_of(const EntryPoint& entry);

}  // namespace ftaudit::analysis
