// How many processors this process may use: what the affinity mask and the control group's quota leave. Used by
// comparison and cli.
#pragma once

namespace ftaudit::trial {

// At least 1. Source: sched_getaffinity(2); cgroups(7), "cpu.max".
unsigned processors();

}  // namespace ftaudit::trial
