// GitHub annotations: workflow commands that put findings beside the lines of a pull request. GitHub shows ten of each
// kind from a step and drops the rest without a word, so the worst come first and the others follow as plain lines of
// the log.
#pragma once

#include <ostream>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

void write_github(std::ostream& out, const Document& document, const Surroundings& around);

}  // namespace ftaudit::reports
