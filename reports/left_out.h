// Files that were not audited, as lists tell them: what a run could not read each on its own line; what was left out on
// purpose for one reason (sources read with the one that includes them) on one line together.
#pragma once

#include <string>
#include <vector>

#include "finding/document.h"

namespace ftaudit::reports {

struct LeftOut {
  std::vector<std::string> files;
  std::string reason;
  bool asked = true;
};

// In the order of their first files.
std::vector<LeftOut> left_out(const Document& document);

}  // namespace ftaudit::reports
