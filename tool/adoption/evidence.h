// The rows of evidence: what was declared, scanned, confirmed, tried and measured of each package, from the summaries
// that stand in its report. Used by weighing.
#pragma once

#include "finding/adoption.h"
#include "finding/measurement.h"
#include "finding/trial.h"

namespace ftaudit::adoption {

// `trial`, `measurement`: null where there is none.
void fill_evidence(AdoptionReport& report, const Trial* trial, const Measurement* measurement);

}  // namespace ftaudit::adoption
