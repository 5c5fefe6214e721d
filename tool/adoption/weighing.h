// Weighing: one verdict from all that is known of an application: what the report says of its packages, its trial, its
// measurement. Stronger evidence overrides weaker, and only against; where the two of the user's own were not done, the
// advice on the packages stays as it is. Used by adoption.
#pragma once

#include "finding/adoption.h"
#include "finding/measurement.h"
#include "finding/trial.h"

namespace ftaudit::adoption {

// Before the packages' own advice is made: lays what was tried beside them. `trial`: null where there is none.
void lay_beside(AdoptionReport& report, const Trial* trial);

// After it: the rows of evidence, and the branch of the table that fits. `wished`: the user named the kind of work.
void weigh(AdoptionReport& report, const Trial* trial, const Measurement* measurement, bool wished);

}  // namespace ftaudit::adoption
