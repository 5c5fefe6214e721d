// Comments of Python and Cython sources that allow findings: `# ftaudit: allow FT302 -- reason`. Finds them, and what
// they stand at; what they say is finding's business. Used within cython.
#pragma once

#include <string>
#include <vector>

#include "model/facts.h"

namespace ftaudit::cython {

// Only comments that may speak of findings. `file` goes into their spans.
std::vector<model::Allowance> allowances_in(const std::vector<std::string>& lines, model::FileId file);

}  // namespace ftaudit::cython
