// JUnit XML: the audit as CI servers show tests. A suite a module, a test a rule; a rule that found something is one
// failed test a file, a file that was not read is a skipped one.
#pragma once

#include <ostream>

#include "finding/document.h"

namespace ftaudit::reports {

// As Jenkins' junit-10.xsd has it. Names of tests hold no line numbers, so that a server's history goes on over edits.
void write_junit(std::ostream& out, const Document& document);

}  // namespace ftaudit::reports
