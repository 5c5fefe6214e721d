// Package rows: what became of the distributions on the free-threaded build, beside the same on the one with the GIL:
// not installed, without its compiled part, another version, built from sources. Used by trial.
#pragma once

#include <vector>

#include "finding/trial.h"
#include "trial/installation.h"

namespace ftaudit::trial {

// What shows something first, then by name.
std::vector<TriedPackage> package_rows(const Installed& gil, const Installed& free);

}  // namespace ftaudit::trial
