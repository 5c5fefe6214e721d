// Writes in a loop that several native threads share out (OpenMP) to what all of them see: a field of an object that
// was handed in, a global. Elements of arrays are left out: each thread has its own indices. Where the object came from
// does not matter here, these threads share it by making.
#pragma once

#include "finding/report.h"
#include "rules/race.h"

namespace ftaudit::rules {

// Tells each such write once; `global` chooses between globals and fields.
void tell_parallel_writes(const analysis::Audit& audit, Report& report, bool global);

}  // namespace ftaudit::rules
