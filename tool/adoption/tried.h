// Tried: what a trial of the application says of each package of a report. Seen to happen outweighs what is declared,
// and only against: a trial in which nothing showed lifts no finding. A suspect is named, and no verdict rests on it.
// Used by weighing.
#pragma once

#include <vector>

#include "finding/adoption.h"
#include "finding/trial.h"

namespace ftaudit::adoption {

// Fills in PackageReport::trial, and lowers the standing of those that something was seen of.
void lay_beside(std::vector<PackageReport>& packages, const Trial& trial);

// What stands against the application, one line each: tests, imports, installation.
std::vector<std::string> against(const Trial& trial);

}  // namespace ftaudit::adoption
