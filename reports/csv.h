// CSV: the findings as a table, one line each, for spreadsheets and databases. Not the whole report: what was skipped
// and the modules are not in it. Of two states compared, `state` says what is new and what was fixed.
#pragma once

#include <ostream>

#include "finding/document.h"

namespace ftaudit::reports {

// RFC 4180, UTF-8, a header line. A cell that a spreadsheet would take for a formula starts with an apostrophe.
void write_csv(std::ostream& out, const Document& document);

}  // namespace ftaudit::reports
