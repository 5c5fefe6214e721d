// Findings that the definition of a macro causes wherever the macro is used: told once, where one edit mends them, with
// the places as sides.
#pragma once

#include <vector>

#include "finding/finding.h"

namespace ftaudit::audit {

// Joins those of one rule, of the same words, severity and confidence, that the same line of a definition says at two
// places or more. Findings that have sides or edits of their own stay as they are. True when anything was joined.
bool tell_macros_once(std::vector<Finding>& findings);

}  // namespace ftaudit::audit
