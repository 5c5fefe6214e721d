// Reports of several runs put together: the shards of a fleet, or one report an application. Used by cli.
#pragma once

#include <vector>

#include "finding/adoption.h"

namespace ftaudit::adoption {

// A package in one version is one row, with all who need it; the worst that any of the reports says of it stands. The
// advice is made anew. What was tried and measured of single applications becomes a note each.
AdoptionReport joined(std::vector<AdoptionReport> reports);

}  // namespace ftaudit::adoption
