// The plan of a report: what scan and confirm have put into their documents while the analyses are at hand.
#pragma once

#include "audit/audit_project.h"

namespace ftaudit::cli {

audit::Adding with_outline(const Selection& selection);

}  // namespace ftaudit::cli
