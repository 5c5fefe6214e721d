// The plan as a part of the HTML report: its steps, each with where to write what and the findings that it ends, what
// no step ends and why, and the types before and after. And the table of one type, which other parts show too.
#pragma once

#include <cstddef>
#include <ostream>

#include "finding/document.h"

namespace ftaudit::reports {

constexpr std::size_t widest_matrix = 60;  // entries; wider tables are for the JSON report

void write_matrix(std::ostream& out, const TypeReport& type);

// The document has a plan. Nothing is written where that has no step.
void write_plan_section(std::ostream& out, const Document& document);

}  // namespace ftaudit::reports
