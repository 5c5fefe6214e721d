// SARIF 2.1.0, in the shape that GitHub code scanning takes and shows: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
// and GitHub's "SARIF support for code scanning". Findings that the source allows are not in it, nor are results of the
// baseline state "absent": GitHub would show them. Of two states compared, what was fixed is in notifications.
#pragma once

#include <ostream>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

// Over 25,000 findings, which is the most GitHub takes, the worst stay and a notification says how many were left out;
// so for the 1,000 locations a finding may have.
void write_sarif(std::ostream& out, const Document& document, const Surroundings& around);

}  // namespace ftaudit::reports
