// JSON: the document as other programs read it, to the contract in schema/report.schema.json. Same document, same
// bytes.
#pragma once

#include <ostream>
#include <span>

#include "finding/document.h"

namespace ftaudit::reports {

// Keys in a fixed order, two blanks of indentation, a line break at the end. Text that is not UTF-8 is carried with
// U+FFFD in place of what is broken.
void write_json(std::ostream& out, const Document& document);

// The rules as a JSON array, for `ftaudit rules --format json`.
void write_rules_json(std::ostream& out, std::span<const RuleInfo> rules);

}  // namespace ftaudit::reports
