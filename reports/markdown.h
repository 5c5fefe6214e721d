// Markdown: a summary for a comment on a pull request or $GITHUB_STEP_SUMMARY: modules with their verdicts, what to
// mend first, details to unfold. Stays below what a comment may hold and says what it left out.
#pragma once

#include <ostream>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

void write_markdown(std::ostream& out, const Document& document, const Surroundings& around);

}  // namespace ftaudit::reports
