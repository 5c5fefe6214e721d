// Meeting: what the static side found and what was seen to happen, brought together. Each finding gets its witness; what
// was seen and no finding speaks of becomes a finding of its own (FT901 and on). Fills the Document in place.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dynamic/coverage.h"
#include "dynamic/sighting.h"
#include "finding/document.h"

namespace ftaudit::dynamic {

// How far the runs got, for the words of the verdicts.
struct Runs {
  bool any = false;        // something was run with the watched functions in it
  std::string why_none;    // "the build failed": of every finding then
  bool screened = false;   // light mode
};

// A finding is confirmed by a sighting of a fitting kind at its own site (same function and line), else in the same
// function about the same place or beside a step of its trace. Findings keep their order; new ones come sorted among them,
// with fingerprints.
void meet(Document& document, std::span<const Sighting> sightings, const Coverage& coverage, const Runs& runs);

// Whether `sighting` shows what `finding` says. For whoever makes reproducers.
bool shows(const Sighting& sighting, const Finding& finding);

}  // namespace ftaudit::dynamic
