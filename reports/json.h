// JSON: the document as other programs read it, to the contract in schema/report.schema.json. Same document, same bytes.
#pragma once

#include <ostream>

#include "finding/document.h"

namespace ftaudit::reports {

// Keys in a fixed order, two blanks of indentation, a line break at the end. Text that is not UTF-8 is carried with
// U+FFFD in place of what is broken.
void write_json(std::ostream& out, const Document& document);

}  // namespace ftaudit::reports
