// Outcome: what became of the findings of one state of the facts in another. Lines do not move and names do not change
// between them, so findings are the same where they say the same; one that is left of a larger one is no new one.
#pragma once

#include <vector>

#include "finding/document.h"

namespace ftaudit::plan {

struct Outcome {
  std::vector<bool> alive;              // by the findings shown before
  std::vector<bool> lessened;           // of those alive: sides are gone
  std::vector<const Finding*> rest;     // of those alive: what is left, in the document of after
  std::vector<const Finding*> brought;  // shown after, and not there before; in report order
};

Outcome outcome(const Document& before, const Document& after);

}  // namespace ftaudit::plan
