// One run of `ftaudit report`: inputs read, resolved, every package's evidence gathered (many at a time), judged, and
// the whole advised upon. Several inputs share downloads and verdicts. The door.
#pragma once

#include "adoption/request.h"
#include "base/progress.h"
#include "base/result.h"
#include "finding/adoption.h"

namespace ftaudit::adoption {

// Fails for what is wrong with the command line or when there is no resolver; everything else becomes part of the
// report.
Result<AdoptionReport> run_adoption(const Request& request, Progress& progress);

// The verdict anew, for a trial and a measurement that came after the packages were judged.
void rejudge(AdoptionReport& report, const Request& request);

}  // namespace ftaudit::adoption
