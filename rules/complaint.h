// Complaint: a question about a reference count of which one answer only raises an exception: a sanity check or a test,
// which decides nothing about who else has the object.
#pragma once

#include "analysis/audit.h"

namespace ftaudit::rules {

// The compare event at the site, one side of which (`side`, 0 or 1) is the count of `object`.
bool only_complains(const analysis::Audit& audit, const analysis::Site& site, int side, const model::Operand& object);

}  // namespace ftaudit::rules
